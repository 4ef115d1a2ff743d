/** Meetbus in the local cloud: the stacks of an app, and the fakes of their providers. */
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '@meetbus/local-cloud';
import { createFakes, type LocalProviders, type ProviderOptions } from './fakes';

/** Settings of {@link startMeetbusCloud}. */
export interface MeetbusCloudOptions extends Omit<LocalCloudOptions, 'fakes'> {
  /** Options that replace those of the deployment, by provider. */
  readonly options?: ProviderOptions | undefined;
}

/** A running Meetbus. */
export interface MeetbusCloud extends LocalCloud {
  readonly apiUrl: string;
  readonly providers: LocalProviders;
}

/**
 * Starts Meetbus from its synthesized app.
 *
 * @throws Error as `startLocalCloud` does, and if there is no Meetbus in the app
 */
export async function startMeetbusCloud({ options, ...settings }: MeetbusCloudOptions): Promise<MeetbusCloud> {
  const { start, providers } = createFakes(options);
  const cloud = await startLocalCloud({ ...settings, fakes: start });
  const { apiUrl } = cloud;
  if (apiUrl !== undefined && Object.keys(providers).length > 0) return { ...cloud, apiUrl, providers };
  await cloud.close();
  throw new Error(`There is no Meetbus in ${settings.cdkOut}: no function has a provider that this command knows.`);
}
