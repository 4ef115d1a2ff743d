/**
 * Runs one Lambda function in this process: loads the handler, then handles one event at a time.
 *
 * Plain CommonJS without dependencies, because it runs in the function's own process with the function's environment.
 * Talks to `environment.ts` over IPC, in the messages that are typed there.
 */
const { existsSync } = require('node:fs');
const { enableCompileCache, flushCompileCache } = require('node:module');
const path = require('node:path');

/** How the file of a handler may end, in the order in which Lambda looks for it. */
const EXTENSIONS = ['.js', '.mjs', '.cjs'];

const [functionArn] = process.argv.slice(2);

class BootstrapError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

function loadHandler(taskRoot, specification) {
  const dot = specification.lastIndexOf('.');
  const modulePath = path.resolve(taskRoot, specification.slice(0, dot));
  const exportName = specification.slice(dot + 1);
  const file = EXTENSIONS.map((extension) => modulePath + extension).find(existsSync);
  if (!file) {
    throw new BootstrapError('Runtime.ImportModuleError', `Cannot find module '${modulePath}' of ${specification}`);
  }
  const handler = load(file)[exportName];
  if (typeof handler !== 'function') {
    throw new BootstrapError('Runtime.HandlerNotFound', `${specification} is undefined or not exported`);
  }
  if (handler.length > 2) {
    throw new BootstrapError(
      'Runtime.CallbackHandlerDeprecated',
      `${specification} takes a callback, which Node.js 24 on Lambda does not: return a promise instead`,
    );
  }
  return handler;
}

function load(file) {
  try {
    return require(file);
  } catch (error) {
    if (error?.code !== 'MODULE_NOT_FOUND') throw error;
    throw new BootstrapError('Runtime.ImportModuleError', error.message);
  }
}

function contextOf({ requestId, deadline }) {
  const { env } = process;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function describe(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

async function handle(handler, invocation) {
  process.env._X_AMZN_TRACE_ID = invocation.traceId;
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    process.send({ type: 'result', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    const { trace, ...failure } = describe(error);
    console.error('Invoke Error', JSON.stringify({ ...failure, stack: trace }));
    process.send({ type: 'error', ...failure });
  }
}

// The parent ends its functions itself: Ctrl-C in a terminal reaches the whole group and would cut events short.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit());

// Environments of one function come and go by the dozen; compiling its bundle is most of what a start costs.
enableCompileCache();

try {
  const handler = loadHandler(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);
  process.on('message', (invocation) => handle(handler, invocation));
  process.send({ type: 'ready' });
  // Most end by being killed, which would lose the cache.
  flushCompileCache();
} catch (error) {
  const { trace, ...failure } = describe(error);
  console.error('Init Error', JSON.stringify({ ...failure, stack: trace }));
  process.send({ type: 'init-error', ...failure });
}
