/** The Lambda API of the local cloud: what an account may run, a function's reserved concurrency, and its invocation. */
import { AwsError, type AwsService } from '../service';
import type { ResolvedStack } from '../template/stack';
import type { LambdaFunction } from './lambda-function';
import { LAMBDA_PREFIX } from './lambda-rest';

/** The quota "Concurrent executions" of a usual account; a new one may have 10. */
export const USUAL_CONCURRENCY = 1_000;

interface FunctionInput {
  readonly FunctionName: string;
}

interface InvokeInput extends FunctionInput {
  readonly InvocationType?: string | undefined;
  readonly Payload: unknown;
}

interface ConcurrencyInput extends FunctionInput {
  readonly ReservedConcurrentExecutions: number;
}

/**
 * @param concurrency how many copies of functions the account may run at a time. Nothing here holds them to it.
 * @param functions by name
 */
export function createLambdaService(
  stack: ResolvedStack,
  concurrency: number,
  functions: ReadonlyMap<string, LambdaFunction> = new Map(),
): AwsService {
  const declared = stack.ofType('AWS::Lambda::Function');
  const reserved = declared.reduce(
    (sum, { properties }) => sum + Number(properties.ReservedConcurrentExecutions ?? 0),
    0,
  );
  const settings = {
    AccountLimit: { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: concurrency - reserved },
    AccountUsage: { FunctionCount: declared.length },
  };
  const functionOf = ({ FunctionName }: FunctionInput): LambdaFunction => {
    const found = functions.get(FunctionName.split(':').at(-1) ?? '');
    if (found) return found;
    throw new AwsError('ResourceNotFoundException', `Function not found: ${FunctionName}`, 404);
  };
  return {
    targetPrefix: LAMBDA_PREFIX,
    operations: {
      GetAccountSettings: () => settings,
      Invoke: (input: InvokeInput) => invoke(functionOf(input), input),
      PutFunctionConcurrency: (input: ConcurrencyInput) => {
        functionOf(input).reserve(input.ReservedConcurrentExecutions);
        return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
      },
      DeleteFunctionConcurrency: (input: FunctionInput) => {
        functionOf(input).reserve(undefined);
        return {};
      },
    },
  };
}

/** The result of an invocation, or its error in the form in which Lambda answers it. */
async function invoke(
  one: LambdaFunction,
  { InvocationType = 'RequestResponse', Payload }: InvokeInput,
): Promise<object> {
  if (InvocationType !== 'RequestResponse') {
    throw new AwsError('InvalidParameterValueException', `The local cloud has no invocation type ${InvocationType}.`);
  }
  const result = await one.invoke(Payload);
  if (result.ok) return { Payload: result.payload ?? null };
  if (result.kind === 'throttled') throw new AwsError(result.errorType, result.errorMessage, 429);
  const { errorType, errorMessage } = result;
  return { FunctionError: 'Unhandled', Payload: { errorType, errorMessage } };
}
