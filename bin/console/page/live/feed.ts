/** The deliveries of the server, kept up to date while the tab can be seen. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { DeliveryRow, LiveMessage, ReadingStatus } from '../../api/live';
import { newestFirst, withMessage } from './rows';

/** Between two drawings: many deliveries in a moment are drawn at once. */
const DRAW_EVERY_MS = 100;

/** What came so far. */
export interface Feed {
  /** The newest first. A new list whenever something has changed. */
  readonly rows: readonly DeliveryRow[];
  readonly status?: ReadingStatus;
  /** False until the server has told what it has, and while it cannot be reached. */
  readonly isConnected: boolean;
}

/** Follows the server's deliveries. A hidden tab does not, so that the server need not read the logs for it. */
export function useFeed(): Feed {
  const [feed, setFeed] = useState<Feed>({ rows: [], isConnected: false });
  const known = useRef(new Map<string, DeliveryRow>());
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let status: ReadingStatus | undefined;
    const draw = () => {
      timer = undefined;
      setFeed({ rows: newestFirst(known.current), isConnected: true, ...(status && { status }) });
    };
    const open = () => {
      source = new EventSource('api/live');
      source.onmessage = ({ data }) => {
        const message = JSON.parse(data) as LiveMessage;
        withMessage(known.current, message);
        status = message.status ?? status;
        timer ??= setTimeout(draw, DRAW_EVERY_MS);
      };
      source.onerror = () => setFeed((before) => ({ ...before, isConnected: false }));
    };
    const followTab = () => {
      source?.close();
      if (document.visibilityState === 'visible') open();
    };
    followTab();
    document.addEventListener('visibilitychange', followTab);
    return () => {
      document.removeEventListener('visibilitychange', followTab);
      source?.close();
      clearTimeout(timer);
    };
  }, []);
  return feed;
}
