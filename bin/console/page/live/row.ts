/** How a delivery looks, wherever it is shown. */
import type { DeliveryOutcome, DeliveryRow } from '../../api/live';
import { linkTo } from '../location';
import type { Tone } from '../parts/badge';

export const TONES: Readonly<Record<DeliveryOutcome, Tone>> = {
  published: 'good',
  accepted: 'plain',
  answered: 'plain',
  duplicate: 'plain',
  unrecognized: 'warn',
  refused: 'bad',
  unavailable: 'bad',
  failed: 'bad',
};

/** The page of a delivery's event, or of the delivery alone where it has none. */
export const eventLink = ({ eventId, id }: Pick<DeliveryRow, 'eventId' | 'id'>): string =>
  linkTo('event', eventId ?? id);
