/** Meetbus in the local cloud: its stack and the fakes of its providers. */
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '@meetbus/local-cloud';
import { createFakes, type FakeOptions, type FakeProviders } from './stand-ins';

/** Settings of {@link startMeetbusCloud}. */
export type MeetbusCloudOptions = Omit<LocalCloudOptions, 'fakes'> & FakeOptions;

/** A running Meetbus. */
export type MeetbusCloud = LocalCloud & FakeProviders & { readonly apiUrl: string };

/**
 * Starts Meetbus from its synthesized app.
 *
 * @throws Error as `startLocalCloud` does, and when the stack is none of Meetbus
 */
export async function startMeetbusCloud(options: MeetbusCloudOptions): Promise<MeetbusCloud> {
  const fakes = createFakes(options);
  const cloud = await startLocalCloud({ ...options, fakes: fakes.start });
  const { apiUrl } = cloud;
  if (apiUrl !== undefined) return { ...cloud, ...fakes.providers(), apiUrl };
  await cloud.close();
  throw new Error(`${options.cdkOut} has no REST API, so it is not an app with Meetbus in it.`);
}
