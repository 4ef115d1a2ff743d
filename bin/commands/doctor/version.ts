/** Whether what is deployed is of the version of these commands. */
import { version } from '../../../package.json';
import { type Deployment, outputOf } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';

/** A version that is not this one's may lack what commands need, and the other way round. */
export async function checkVersion(deployment: Deployment): Promise<Finding[]> {
  const deployed = outputOf(deployment, 'Version');
  if (deployed === version) return [ok('version', `${version} is deployed, and this is ${version}`)];
  const remedy = 'Deploy this one (npx cdk deploy), or check out the one that is deployed.';
  return [warning('version', `${deployed} is deployed, and this is ${version}.`, remedy)];
}
