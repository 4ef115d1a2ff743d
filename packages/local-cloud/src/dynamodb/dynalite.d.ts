/** The part of dynalite that the local cloud uses; the package brings no types. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times in milliseconds: how long a table stays in a transitional state. */
  export default function dynalite(options: {
    createTableMs: number;
    updateTableMs: number;
    deleteTableMs: number;
    /** Folder of the LevelDB database; it is in memory without one. */
    path: string;
  }): Server;
}
