/** Whether the deployed version is that of these commands. */
import { version } from '../../../package.json';
import { type Deployment, outputOf } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';

/** Another version may lack what these commands need. */
export async function checkVersion(deployment: Deployment): Promise<Finding[]> {
  const deployed = outputOf(deployment, 'Version');
  if (deployed === version) return [ok('version', `${version} is deployed, and this is ${version}`)];
  const remedy = 'Deploy this one (npx cdk deploy), or check out the one that is deployed.';
  return [warning('version', `${deployed} is deployed, and this is ${version}.`, remedy)];
}
