/** The Lambda API of the local cloud: what an account may run. Functions are invoked by what feeds them alone. */
import type { AwsService } from '../service';
import type { ResolvedStack } from '../template/stack';
import { LAMBDA_PREFIX } from './lambda-rest';

/** The quota "Concurrent executions" of a usual account; a new one may have 10. */
export const USUAL_CONCURRENCY = 1_000;

/** @param concurrency how many copies of functions the account may run at a time. Nothing here holds them to it. */
export function createLambdaService(stack: ResolvedStack, concurrency: number): AwsService {
  const functions = stack.ofType('AWS::Lambda::Function');
  const reserved = functions.reduce(
    (sum, { properties }) => sum + Number(properties.ReservedConcurrentExecutions ?? 0),
    0,
  );
  const answer = {
    AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: concurrency - reserved },
    AccountUsage: { FunctionCount: functions.length },
  };
  return { targetPrefix: LAMBDA_PREFIX, operations: { GetAccountSettings: () => answer } };
}
