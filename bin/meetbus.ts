#!/usr/bin/env tsx
console.log('meetbus', process.argv.slice(2), process.version);
