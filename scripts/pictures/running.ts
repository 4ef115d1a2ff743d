/** A Meetbus of its own for pictures, beside any that runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, findDeployment } from '../../bin/deployment';
import { Recording } from './terminal/recording';

export interface Running {
  readonly deployment: Deployment;
  readonly awsUrl: string;
  /** The address of its console, with the key. */
  readonly consoleUrl: string;
  /** Its state folder. */
  readonly state: string;
}

/** Starts `npm start` on free ports, and ends it after the work. */
export async function withMeetbus(work: (running: Running) => Promise<void>): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'meetbus-pictures-'));
  const recording = new Recording();
  try {
    const terminal = recording.open(0);
    terminal.start(`npm start -- --port 0 --aws-port 0 --console-port 0 --state ${state}`);
    const [, consoleUrl = ''] = await terminal.see(/See it: (\S+)[\s\S]*follows/);
    const deployment = await findDeployment({ local: true, state, stack: 'Meetbus' });
    await work({ deployment, awsUrl: deployment.local?.awsUrl ?? '', consoleUrl, state });
  } finally {
    await recording.close();
    rmSync(state, { recursive: true });
  }
}
