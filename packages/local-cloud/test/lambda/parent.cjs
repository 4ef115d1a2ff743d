/** A parent that invokes a function once, tells pid and folder of its process, and then stays until it is killed. */
const { Functions, handler } = require('./functions');

const functions = new Functions();
// The timer keeps the function's process busy: an idle one would end by itself without its parent.
functions
  .create(handler('setInterval(() => {}, 1000); return { pid: process.pid, folder: process.env.LAMBDA_TASK_ROOT }'))
  .invoke({})
  .then(({ payload }) => process.send(payload));
