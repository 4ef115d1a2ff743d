import type { Config } from 'jest';

type Project = Exclude<NonNullable<Config['projects']>[number], string>;

/**
 * End-to-end tests start processes or synthesize stacks. The folder tells: `e2e/`, `test/lib/` (the constructs), or `test/package/`.
 */
const END_TO_END = ['/e2e/', '/test/lib/', '/test/package/'];

const shared = {
  testEnvironment: 'node',
  roots: ['<rootDir>/packages', '<rootDir>/providers', '<rootDir>/test'],
  // What `npm run build` writes: manifests there have the names of those of the sources.
  modulePathIgnorePatterns: ['<rootDir>/packages/[^/]+/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } } }] },
  moduleNameMapper: {
    // Jest loads no ES modules.
    '^marked$': '<rootDir>/node_modules/marked/lib/marked.umd.js',
    '^meetbus$': '<rootDir>/lib/index.ts',
    '^meetbus/events$': '<rootDir>/lib/events.ts',
    '^meetbus/provider$': '<rootDir>/lib/provider/index.ts',
    '^meetbus/provider/(kit|normalize)$': '<rootDir>/lib/provider/$1.ts',
  },
} satisfies Project;

const config: Config = {
  testSequencer: '<rootDir>/test/support/sequencer.ts',
  // Of unit tests; test/support/e2e.ts has that of end-to-end tests.
  testTimeout: 10_000,
  // By folder, with what is not covered; files that are wholly covered are left out.
  collectCoverageFrom: ['{lambdas,providers,packages/events/src}/**/*.ts', '!**/test/**'],
  coverageReporters: [['text', { skipFull: true }]],
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...END_TO_END],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: END_TO_END.map((folder) => `**${folder}**/*.test.ts`),
      globalSetup: '<rootDir>/test/support/setup.ts',
      setupFilesAfterEnv: ['<rootDir>/test/support/e2e.ts'],
    },
  ],
};

export default config;
