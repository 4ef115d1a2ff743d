/** Secrets that a test has handed to Meetbus, to be looked for where they must never stand: in logs. */
import { readFileSync } from 'node:fs';
import type { HttpDelivery } from './http';

/** A shorter value may stand in a log by chance. */
const MIN_LENGTH = 16;

/** With so many, deliveries add no more: the look is to take a moment only. */
const MAX_SECRETS = 500;

/** Members of a provider's body that open something: a livestream, a recording. */
const SECRET_MEMBER = /"(?:streamKey|\w*[dD]ownloadUrl)"\s*:\s*"([^"\\]+)"/g;

/** The secrets that have been seen. */
export class SeenSecrets {
  readonly #values = new Set<string>();

  /** Remembers a secret. */
  add(value: string): void {
    if (value.length >= MIN_LENGTH) this.#values.add(value);
  }

  /** Remembers the signatures, the token in the URL and the secret members of a delivery. */
  addDelivery({ path, headers = {}, body }: HttpDelivery): void {
    if (this.#values.size >= MAX_SECRETS) return;
    for (const [name, value] of Object.entries(headers)) {
      if (!/signature|authorization/i.test(name)) continue;
      // A header may hold several signatures, each after its version: `v1,… v1,…`, or `v0=…`.
      for (const part of String(value).split(/[\s,]+/)) this.add(part.replace(/^\w{2,6}=(?=.)/, ''));
    }
    const token = /[?&]token=([^&]*)/.exec(path)?.[1] ?? /^\/realtimekit\/webhooks\/([^/?]+)/.exec(path)?.[1];
    if (token !== undefined) this.add(token);
    for (const [, value = ''] of body.toString().matchAll(SECRET_MEMBER)) this.add(value);
  }

  /** Remembers every text in a value of Secrets Manager, in lists and in objects. The names of members are no secrets. */
  addAll(value: unknown): void {
    // What tells the kind of a secret is none.
    if (typeof value === 'string') this.add(value.replace(/^whsec_/, ''));
    else if (typeof value === 'object' && value !== null)
      for (const member of Object.values(value)) this.addAll(member);
  }

  /** The lines of a log that hold one of the secrets. */
  linesIn(log: Buffer): string[] {
    return [...this.#values].flatMap((value) => {
      const at = log.indexOf(value);
      if (at < 0) return [];
      const end = log.indexOf('\n', at);
      return [log.toString('utf8', log.lastIndexOf('\n', at) + 1, end < 0 ? log.length : end)];
    });
  }
}

/** The content of a log; nothing where none was written. */
export function readLog(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
