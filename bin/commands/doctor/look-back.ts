/** The time that the doctor looks back on: an hour, unless `--since` says another. */
import { savedQueriesOf } from '../../../lib/monitoring/queries';
import type { Insights, Question, ResultRow, Window } from '../../insights';
import { quoted } from '../../insights';
import { knownProviders } from '../../providers';
import { USER_AGENT } from './api';

/** Most requests of the doctor that a query leaves out: a query holds 10,000 characters. */
const MOST_OWN_REQUESTS = 300;

/** Looks back on some time, in milliseconds since 1970. */
export class LookBack implements Window {
  #ownRequests: Promise<string[]> | undefined;

  /** @param words the time in words, such as `in the last hour` */
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

  /**
   * Runs a saved query. One about deliveries leaves out the doctor's own requests.
   *
   * @param provider asks for the deliveries of this provider alone
   */
  async askSaved(name: string, provider?: string): Promise<ResultRow[]> {
    const saved = savedQueriesOf(knownProviders()).find((query) => query.name === name);
    if (!saved) throw new Error(`There is no saved query ${name}.`);
    const filters = provider === undefined ? [] : [`filter provider = ${quoted(provider)}`];
    const commands = [...filters, ...saved.commands];
    return saved.of === 'verifiers' ? this.askVerifiers(commands) : this.#ask({ of: saved.of, commands });
  }

  /** Asks the logs about deliveries, without the doctor's own requests. */
  async askVerifiers(commands: readonly string[]): Promise<ResultRow[]> {
    const own = await this.#own();
    const filters = own.length > 0 ? [`filter correlationId not in [${own.map(quoted).join(', ')}]`] : [];
    return this.#ask({ of: 'verifiers', commands: [...filters, ...commands] });
  }

  /** Asks the logs about events. */
  askConsumers(commands: readonly string[]): Promise<ResultRow[]> {
    return this.#ask({ of: 'consumers', commands });
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
