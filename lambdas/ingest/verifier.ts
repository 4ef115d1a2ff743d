/** The handler of a verifier: read, verify, enqueue once, answer by the table. */

import { isSetAside } from '@meetbus/events';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { readBody } from '../../providers/kit/body';
import { PROBE_NAME } from '../../providers/probe/names';
import type { Answered, Delivery, Verification, Verified, Verify } from '../../providers/runtime';
import type { BundledProvider } from '../platform/bundled-providers';
import { describeError, logger } from '../platform/logger';
import { count, METRIC, record } from '../platform/metrics';
import { createRuntimeContext } from '../platform/runtime-context';
import { ANSWERS, answer, answerHandshake, isRefusal, type Outcome } from './answers';
import { checkIdentity, checkVerification } from './checks';
import { correlationIdOf, readDelivery, routeOf } from './delivery';
import { groupIdOf, presentable } from './delivery-message';
import { createEnqueue } from './enqueue';
import { familyOf } from './family';
import { eventIdOf } from './identity';
import type { Enqueueable } from './send';

/**
 * Makes the Lambda handler of a provider's routes. It always answers: an unexpected error is a 503, which providers
 * retry.
 */
export function createVerifier(provider: BundledProvider) {
  const enqueue = createEnqueue(provider);
  const verify = createRouter(provider);

  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const line: Record<string, unknown> = { correlationId: correlationIdOf(event), provider: provider.name };
    const receivedAt = Date.now();
    let outcome: Outcome;
    let answered: Answered | undefined;
    try {
      const delivery = readDelivery(event, receivedAt);
      const verification = await verify(routeOf(event), delivery);
      if (verification.outcome === 'refused') {
        outcome = verification.reason;
      } else if (verification.outcome === 'answered') {
        outcome = 'answered';
        answered = verification;
      } else {
        const item = describe(provider, delivery, verification, correlationIdOf(event));
        const { eventId, deliveryId, providerEvent, family, proof, unrecognized } = item.message;
        Object.assign(line, { eventId, deliveryId, providerEvent, family, proof, unrecognized });
        Object.assign(line, verification.sender);
        outcome = await enqueue(item, context);
      }
    } catch (error) {
      outcome = 'unavailable';
      line.error = describeError(error);
    }
    measure(provider.name, outcome);
    const milliseconds = Date.now() - receivedAt;
    logger[logLevelOf(provider.name, outcome, line.unrecognized)]('delivery', { ...line, outcome, milliseconds });
    return answered ? answerHandshake(answered) : answer(outcome, provider.runtime.retryAfterSeconds);
  };
}

/** Makes the function that verifies a delivery by its route's rules. The first delivery sets up its route. */
function createRouter(provider: BundledProvider) {
  const context = createRuntimeContext(provider);
  const routes = new Map<string, Verify>();
  return async (route: string, delivery: Delivery): Promise<Verification> => {
    const verify = routes.get(route) ?? provider.runtime.routes[route]?.(context);
    if (verify === undefined) throw new Error(`The runtime of ${provider.name} has no route ${route}.`);
    routes.set(route, verify);
    return checkVerification(await verify(delivery));
  };
}

/** The probe comes every minute, and is measured by the prober. It must not hide that nothing else comes. */
const isRoutine = (provider: string, outcome: Outcome): boolean =>
  provider === PROBE_NAME && ANSWERS[outcome].statusCode === 200;

function logLevelOf(provider: string, outcome: Outcome, unrecognized: unknown): 'error' | 'warn' | 'info' | 'debug' {
  if (isRoutine(provider, outcome)) return 'debug';
  if (isRefusal(outcome) || isSetAside(unrecognized)) return 'warn';
  return ANSWERS[outcome].statusCode === 503 ? 'error' : 'info';
}

function measure(provider: string, outcome: Outcome): void {
  if (isRoutine(provider, outcome)) return;
  count(METRIC.delivery, { provider, outcome });
  const accepted = outcome === 'accepted' || outcome === 'stored' ? 1 : 0;
  const refused = isRefusal(outcome) ? 1 : 0;
  record({ [METRIC.accepted]: accepted, [METRIC.refused]: refused }, {}, { provider });
}

/** The message of a verified delivery. */
function describe(
  { name, runtime }: BundledProvider,
  delivery: Delivery,
  verified: Verified,
  correlationId: string,
): Enqueueable {
  const reading = readBody(delivery.body, runtime);
  const { proof, unrecognized } = verified;
  const identity = checkIdentity(runtime.identify(delivery, reading, verified));
  const eventId = eventIdOf(name, identity.key);
  const traceHeader = process.env._X_AMZN_TRACE_ID;
  return {
    body: delivery.body,
    groupId: groupIdOf(runtime.groupOf(reading.body)),
    message: {
      provider: name,
      providerEvent: presentable(reading.event ?? ''),
      ...(unrecognized ? ({ family: 'unrecognized', unrecognized } as const) : familyOf(runtime, reading, proof)),
      proof,
      deliveryId: presentable(identity.deliveryId ?? eventId),
      eventId,
      correlationId,
      receivedTime: new Date(delivery.receivedAt).toISOString(),
      ...(traceHeader !== undefined && { traceHeader }),
    },
  };
}
