/** Commands that the page shows get the options of the Meetbus that the console is about, so that they can be run as they stand. */
import { addressedTo } from '../addressed';
import type { DeploymentFlags } from '../deployment';
import { providerWords } from '../providers';

/** Makes the function that writes commands in texts. */
export const addressedFor = async (flags: DeploymentFlags): Promise<(text: string) => string> =>
  addressedTo(flags, await providerWords());
