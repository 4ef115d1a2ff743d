/** A provider with everything that it needs, made by the suite: its secret, its server, its table, a clock, and a log. */

import { FrontServer } from '../kit/sandbox/front-server';
import { type SecretMember, secretWith, storedEntry } from '../kit/secret-form';
import { NotConfiguredError, StaleIfErrorCache } from '../kit/stale-if-error-cache';
import type { Provider } from '../provider';
import type { Delivery, ProviderRuntime, RecordStore, RuntimeContext, StoredRecord, Verify } from '../runtime';
import type { Sandbox, SigningKeys } from '../sandbox';
import { fail, type Outcome } from './check';

const FIVE_MINUTES_MS = 5 * 60_000;

/** What a provider signs with. */
export interface Keys {
  /** Entries of the secret, by member. */
  readonly secret: Readonly<Record<string, readonly string[]>>;
  readonly privateKey: string | undefined;
}

/** One copy of a verifier, which has its own caches. */
export type Verifier = (route: string, delivery: Delivery) => Promise<Outcome>;

export class Stage {
  /** Milliseconds since 1970. It moves only by {@link wait}. */
  now = Date.now();
  /** Everything that the runtime logged, counted or threw. */
  readonly log: string[] = [];
  /** What Secrets Manager has. */
  secret: unknown;
  isSecretDown = false;
  /** The error of the last load of keys that failed. */
  loadError: unknown;
  #server: FrontServer | undefined;
  readonly #records = new Map<string, StoredRecord>();

  private constructor(
    readonly provider: Provider,
    readonly runtime: ProviderRuntime,
    readonly sandbox: Sandbox,
    /** The keys with which the provider signs unless a check says otherwise. */
    readonly keys: Keys,
  ) {}

  /** Sets a provider up, its sources with new keys, runs something, and closes all. */
  static async with(provider: Provider, use: (stage: Stage) => Promise<void>): Promise<void> {
    if (!provider.sandbox) fail('The provider has no sandbox. The checks need its samples and its signer: define one.');
    const [{ runtime }, { sandbox }] = await Promise.all([provider.runtime(), provider.sandbox()]);
    const stage = new Stage(provider, runtime, sandbox, newKeysOf(sandbox));
    try {
      if (sandbox.server) stage.#server = await FrontServer.start(sandbox.server, stage.keys.privateKey ?? '');
      await stage.publish(stage.keys);
      await use(stage);
    } finally {
      await stage.#server?.close();
    }
  }

  /** Makes keys that nothing knows yet. */
  newKeys(): Keys {
    return newKeysOf(this.sandbox);
  }

  /** Puts keys where the runtime finds them: all entries in the secret, the newest key on the server. */
  async publish(newest: Keys, ...older: readonly Keys[]): Promise<void> {
    const merged: Record<string, string[]> = {};
    // As commands do it: the newest entry stands last.
    for (const { secret } of [...older].reverse().concat(newest))
      for (const [member, entries] of Object.entries(secret)) merged[member] = [...(merged[member] ?? []), ...entries];
    this.secret = secretWith(this.provider.secret?.entries ?? [], merged);
    if (newest.privateKey !== undefined) await this.#server?.serve(newest.privateKey);
  }

  /** Takes all sources of keys down, or brings them back. */
  async setDown(isDown: boolean): Promise<void> {
    this.isSecretDown = isDown;
    await this.#server?.fail(isDown ? 'down' : undefined);
  }

  /** Lets time pass, for caches and for what is received from now on. */
  wait(milliseconds: number): void {
    this.now += milliseconds;
  }

  /** A copy of the verifier that has just started. */
  startVerifier(options: unknown = this.options): Verifier {
    const context = this.contextWith(options);
    const routes = new Map<string, Verify>();
    return async (route, delivery) => {
      try {
        const verify = routes.get(route) ?? this.runtime.routes[route]?.(context);
        if (verify === undefined) throw new Error(`The runtime has no route ${route}.`);
        routes.set(route, verify);
        return await verify(delivery);
      } catch (error) {
        this.log.push(textOf(error));
        return { outcome: 'failed', error };
      }
    };
  }

  /** The options of the definition, with the address of the fake server. */
  get options(): Record<string, unknown> {
    const { server } = this.sandbox;
    return { ...this.provider.options, ...(server && this.#server && { [server.option]: this.#server.url }) };
  }

  /** What a verifier hands to the runtime. */
  contextWith(options: unknown): RuntimeContext<never> {
    const now = () => this.now;
    const onFailure = (error: unknown) => {
      this.loadError = error;
      this.log.push(textOf(error));
    };
    return {
      options: options as never,
      records: this.#recordStore(),
      secret: (reader) =>
        new StaleIfErrorCache({
          now,
          onFailure,
          maxAgeMs: FIVE_MINUTES_MS,
          load: async () => {
            if (this.isSecretDown) throw new Error('Secrets Manager is down.');
            if (this.secret === undefined) throw new NotConfiguredError('There is no secret.');
            const parsed = reader.parse(this.secret);
            this.log.push(...parsed.ignored);
            if (reader.keep) await this.#recordStore().write(reader.keep.as, reader.keep.toRecord(parsed), '');
            return parsed;
          },
        }),
      cached: (_name, source) => new StaleIfErrorCache({ ...source, now, onFailure }),
      count: (metric) => void this.log.push(metric),
      warn: (message, details) => void this.log.push(`${message} ${JSON.stringify(details)}`),
      describe: (error) => ({ text: textOf(error) }),
    };
  }

  /** The keys, as the signer of the sandbox asks for them. */
  signingKeys({ secret, privateKey }: Keys): SigningKeys {
    return {
      entry: (member) => {
        const entry = secret[member]?.at(-1);
        if (entry === undefined) throw new Error(`makeUpSecret of the sandbox makes no entry of ${member}.`);
        return entry;
      },
      privateKey: () => {
        if (privateKey === undefined) throw new Error('The sandbox has no server, so it has no private key.');
        return privateKey;
      },
    };
  }

  /** The description of a member of the secret. */
  memberNamed(member: string): SecretMember {
    return this.provider.secret?.entries.find((entry) => entry.member === member) ?? { member };
  }

  /** What must stay secret of the entries: a name may be told. */
  secretValuesOf({ secret }: Keys): string[] {
    return Object.entries(secret).flatMap(([member, entries]) =>
      entries.map((entry) => storedEntry(this.memberNamed(member), entry).value),
    );
  }

  #recordStore(): RecordStore {
    return {
      read: async (name) => this.#records.get(name),
      write: async (name, record, unlessSame) => {
        const known = this.#records.get(name)?.[unlessSame];
        if (known === undefined || known !== record[unlessSame]) this.#records.set(name, record);
      },
    };
  }
}

const newKeysOf = (sandbox: Sandbox): Keys => ({
  secret: sandbox.makeUpSecret?.() ?? {},
  privateKey: sandbox.server?.makeKey(),
});

/** All that an error may show in a log. */
const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.stack ?? error.message} ${textOf(error.cause ?? '')}` : String(error);
