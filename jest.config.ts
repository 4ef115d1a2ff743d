import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/providers', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testSequencer: '<rootDir>/test/support/sequencer.ts',
  globalSetup: '<rootDir>/test/support/synth.ts',
  // What `npm run build` writes: manifests there have the names of those of the sources.
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
  moduleNameMapper: {
    '^meetbus$': '<rootDir>/lib/index.ts',
    '^meetbus/events$': '<rootDir>/lib/events.ts',
  },
  // A little more than what `until` waits for: its error names what did not come about.
  testTimeout: 160_000,
};

export default config;
