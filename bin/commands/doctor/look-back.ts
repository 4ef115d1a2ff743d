/** The time that the doctor looks back on: an hour, unless told by `--since`. */
import { SAVED_QUERIES } from '../../../lib/monitoring/queries';
import type { Insights, Question, ResultRow, Window } from '../../insights';
import { quoted } from '../../insights';
import { USER_AGENT } from './api';

/** The requests of so many runs of the doctor are told from others'; a query holds 10,000 characters at most. */
const MOST_OWN_REQUESTS = 300;

/** Looks back on some time, in milliseconds since 1970. */
export class LookBack implements Window {
  #ownRequests: Promise<string[]> | undefined;

  /** @param words how the time is called in a sentence, such as `in the last hour` */
  constructor(
    private readonly insights: Insights,
    readonly from: number,
    readonly to: number,
    readonly words: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Asks the logs of that time. */
  #ask(question: Question): Promise<ResultRow[]> {
    return this.insights.ask(question, this, this.signal);
  }

  /** Runs a saved query, without the lines of the doctor's own requests where these would count. */
  async askSaved(name: string): Promise<ResultRow[]> {
    const saved = SAVED_QUERIES.find((query) => query.name === name);
    if (!saved) throw new Error(`There is no saved query ${name}.`);
    const isAboutDeliveries = saved.of === 'verifiers';
    const own = isAboutDeliveries ? await this.#own() : [];
    const others = own.length > 0 ? [`filter correlationId not in [${own.map(quoted).join(', ')}]`] : [];
    return this.#ask({ of: saved.of, commands: [...others, ...saved.commands] });
  }

  /** Correlation ids of the doctor's own requests. */
  #own(): Promise<string[]> {
    this.#ownRequests ??= this.#ask({
      of: 'requests',
      commands: [
        `filter userAgent = ${quoted(USER_AGENT)}`,
        'fields extendedRequestId',
        'sort @timestamp desc',
        `limit ${MOST_OWN_REQUESTS}`,
      ],
    }).then((rows) => rows.map(({ extendedRequestId = '' }) => extendedRequestId));
    return this.#ownRequests;
  }
}
