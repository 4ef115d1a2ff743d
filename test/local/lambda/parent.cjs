/** A parent that invokes a function once, tells pid and folder of its process, and then stays until it is killed. */
const { Functions, handler } = require('./functions');

const functions = new Functions();
functions
  .create(handler('return { pid: process.pid, folder: process.env.LAMBDA_TASK_ROOT }'))
  .invoke({})
  .then(({ payload }) => process.send(payload));
