#!/usr/bin/env node
/** What `npx meetbus` starts: the sources in a clone, which has them beside this file, and the bundle in the npm package. */
const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** The constructs run on older ones too; the commands use what came with this one. */
const OLDEST_NODE = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
  console.error(`npx meetbus needs Node.js ${OLDEST_NODE} or later, and this is ${process.version}.`);
  process.exitCode = 1;
} else if (existsSync(join(__dirname, 'meetbus.ts'))) {
  require('tsx/cjs');
  // The commands are imported one by one, which goes another way than requiring them.
  require('tsx/esm/api').register();
  require('./meetbus');
} else {
  require('../dist/bin/meetbus.js');
}
