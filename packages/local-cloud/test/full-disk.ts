/** A disk that is full, for one file. */
import { existsSync, symlinkSync } from 'node:fs';

const FULL = '/dev/full';

/** Whether this system has a device that is always full. */
export const CAN_FILL_DISK = existsSync(FULL);

/** Lets no byte be written to a file, which must not be there yet: there is no space left. */
export const fillDiskOf = (file: string): void => symlinkSync(FULL, file);
