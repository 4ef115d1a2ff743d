/** The handler that all verifiers share: read, prove, enqueue once, answer by the table. */

import { isSetAside, type ProviderName } from '@meetbus/events';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { readBody } from '../../providers/kit/body';
import type { Delivery, ProviderIntake, Verification, Verified } from '../../providers/provider';
import { describeError, logger } from '../platform/logger';
import { count, METRIC, record } from '../platform/metrics';
import { ANSWERS, answer, isRefusal, type Outcome } from './answers';
import { correlationIdOf, readDelivery } from './delivery';
import { groupIdOf, presentable } from './delivery-message';
import { createEnqueue } from './enqueue';
import { familyOf } from './family';
import { eventIdOf } from './identity';
import type { Enqueueable } from './send';

interface Options {
  readonly provider: ProviderIntake;
  /** Proves who sent a delivery. */
  readonly verify: (delivery: Delivery) => Promise<Verification>;
}

/** Makes the Lambda handler of one route. It always answers: an unforeseen error is a 503, which providers retry. */
export function createVerifier({ provider, verify }: Options) {
  const enqueue = createEnqueue(provider);

  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const told: Record<string, unknown> = { correlationId: correlationIdOf(event), provider: provider.name };
    const receivedAt = Date.now();
    let outcome: Outcome;
    try {
      const delivery = readDelivery(event, receivedAt);
      const verification = await verify(delivery);
      if (verification.outcome === 'refused') {
        outcome = verification.reason;
      } else {
        const item = describe(provider, delivery, verification, correlationIdOf(event));
        const { eventId, deliveryId, providerEvent, family, proof, unrecognized } = item.message;
        Object.assign(told, { eventId, deliveryId, providerEvent, family, proof, unrecognized });
        Object.assign(told, verification.sender);
        outcome = await enqueue(item, context);
      }
    } catch (error) {
      outcome = 'unavailable';
      told.error = describeError(error);
    }
    measure(provider.name, outcome);
    const milliseconds = Date.now() - receivedAt;
    logger[logLevelOf(outcome, told.unrecognized)]('delivery', { ...told, outcome, milliseconds });
    return answer(outcome);
  };
}

function logLevelOf(outcome: Outcome, unrecognized: unknown): 'error' | 'warn' | 'info' {
  if (isRefusal(outcome) || isSetAside(unrecognized)) return 'warn';
  return ANSWERS[outcome].statusCode === 503 ? 'error' : 'info';
}

function measure(provider: ProviderName, outcome: Outcome): void {
  count(METRIC.delivery, { provider, outcome });
  const accepted = outcome === 'accepted' || outcome === 'stored' ? 1 : 0;
  const refused = isRefusal(outcome) ? 1 : 0;
  record({ [METRIC.accepted]: accepted, [METRIC.refused]: refused }, {}, { provider });
}

/** The message of a verified delivery. */
function describe(
  provider: ProviderIntake,
  delivery: Delivery,
  verified: Verified,
  correlationId: string,
): Enqueueable {
  const reading = readBody(delivery.body);
  const { proof, unrecognized } = verified;
  const identity = provider.identify(delivery, reading, verified);
  const eventId = eventIdOf(provider.name, identity.key);
  const traceHeader = process.env._X_AMZN_TRACE_ID;
  return {
    body: delivery.body,
    groupId: groupIdOf(provider.groupOf(reading.body)),
    message: {
      provider: provider.name,
      providerEvent: presentable(reading.event ?? ''),
      ...(unrecognized ? ({ family: 'unrecognized', unrecognized } as const) : familyOf(provider, reading, proof)),
      proof,
      deliveryId: presentable(identity.deliveryId ?? eventId),
      eventId,
      correlationId,
      receivedTime: new Date(delivery.receivedAt).toISOString(),
      ...(traceHeader !== undefined && { traceHeader }),
    },
  };
}
