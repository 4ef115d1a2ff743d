/** The console's port, unless told otherwise or taken: beside 3000 and 4566 of the local cloud. */
export const CONSOLE_PORT = 4600;
