/** Runs before each file of end-to-end tests. */

// For what hangs and says nothing. What is waited for fails sooner, and says what did not come about: `until`.
jest.setTimeout(90_000);
