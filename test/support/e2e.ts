/** Runs before each file of end-to-end tests. */

// A little more than what `until` waits for: its error names what did not come about.
jest.setTimeout(160_000);
