/** The right provider with one part replaced. */
import { createHmac } from 'node:crypto';
import { verifyWithFreshKeys } from '../../../kit/fresh-keys';
import type { HmacScheme, verifyHmac } from '../../../kit/hmac';
import type { Delivery, RuntimeContext, Verification, Verify } from '../../../runtime';
import type { Sandbox } from '../../../sandbox';
import type { CheckName } from '../..';
import { answer, type Faults, hooks, parse } from '../acme';

/** A fault, the checks that it fails, and what the first of these says. */
export type Row = readonly [fault: string, faults: Faults, checks: readonly CheckName[], says: RegExp];

export type Context = RuntimeContext<{ readonly region: string }>;
export type Check = (delivery: Delivery, keys: readonly Buffer[]) => ReturnType<typeof verifyHmac>;

/** Another verifier on the route. */
export const route = (create: (context: Context) => Verify): Faults => ({
  runtime: { routes: { 'acme/hooks': create as never } },
});

/** The right verifier, with something before or behind it. */
export const around = (wrap: (delivery: Delivery, verify: Verify) => Promise<Verification>): Faults =>
  route((context) => {
    const verify = hooks(context);
    return (delivery) => wrap(delivery, verify);
  });

/** Another way to check a signature, with the keys of the right one. */
export const checking = (check: Check): Faults =>
  route(({ secret }) => {
    const keys = secret({ parse });
    return async (delivery) => answer(delivery, await verifyWithFreshKeys(keys, (live) => check(delivery, live.keys)));
  });

export const digestOf = (key: string | Buffer, ...parts: (string | Buffer)[]) =>
  createHmac('sha256', key)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest('hex');

/** Signs other parts of a delivery. */
export const signing = (
  partsOf: (id: string, timestamp: string, body: string | Buffer) => (string | Buffer)[],
): Partial<Sandbox> => ({
  sign({ body, id = 'id', at = new Date() }, { entry }) {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const digest = digestOf(entry('keys'), ...partsOf(id, timestamp, body));
    return { headers: { 'acme-id': id, 'acme-timestamp': timestamp, 'acme-signature': `sha256=${digest}` } };
  },
});

/** The right scheme, but with another text that is signed. */
export const schemeOf = (signed: (delivery: Delivery, timestamp: string) => (string | Buffer)[]): HmacScheme => ({
  header: 'acme-signature',
  prefix: 'sha256=',
  encoding: 'hex',
  timestamp: { header: 'acme-timestamp' },
  signed,
});

/** Another way to tell deliveries apart. */
export const withIdentity = (keyOf: (delivery: Delivery) => string, more: Partial<Sandbox> = {}): Faults => ({
  runtime: { identify: (delivery) => ({ deliveryId: undefined, key: keyOf(delivery) }) },
  sandbox: more,
});
