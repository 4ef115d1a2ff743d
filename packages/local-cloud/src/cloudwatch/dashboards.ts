/** The dashboards of the template, for clients that draw them. */
import { AwsError, LOCAL_ACCOUNT } from '../service';
import { required } from '../sqs/parameters';
import type { ResolvedStack } from '../template/stack';

/** Bodies of dashboards by name. */
export type Dashboards = ReadonlyMap<string, string>;

export const dashboardsOf = (stack: ResolvedStack): Dashboards =>
  new Map(
    stack.ofType('AWS::CloudWatch::Dashboard').map(({ name, properties }) => [name, String(properties.DashboardBody)]),
  );

/** @throws AwsError `ResourceNotFound`, as CloudWatch does, if the template has no such dashboard */
export function getDashboard(dashboards: Dashboards, input: object): object {
  const name = required<string>(input, 'DashboardName');
  const DashboardBody = dashboards.get(name);
  if (DashboardBody === undefined) {
    throw new AwsError('ResourceNotFound', `The template has no dashboard ${name}.`, 404);
  }
  // Dashboards belong to no region.
  const DashboardArn = `arn:aws:cloudwatch::${LOCAL_ACCOUNT}:dashboard/${name}`;
  return { DashboardName: name, DashboardArn, DashboardBody };
}
