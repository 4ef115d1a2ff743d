import { type FrontDoor, type FrontDoorOptions, startFrontDoor } from '../src/front-door';
import type { AwsService } from '../src/service';

/** What an SDK client needs to reach a front door. Without retries, so that a test sees every error. */
export function clientConfig({ url }: { url: string }, accessKeyId = 'AKIALOCALTEST') {
  return { endpoint: url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey: 'local' }, maxAttempts: 1 };
}

/** A front door on a free port, with services that are made once its URL is known, and the calls that it denies. */
export async function frontDoorWith(
  make: (url: string) => AwsService[],
  authorize: FrontDoorOptions['authorize'] = () => {},
): Promise<FrontDoor> {
  const services: AwsService[] = [];
  const door = await startFrontDoor({ port: 0, services, authorize });
  services.push(...make(door.url));
  return door;
}
