/** The widgets of the dashboards. */
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

const HEIGHT = 6;

/** A graph of some lines from zero up. */
export const graph = (
  title: string,
  width: number,
  left: cloudwatch.IMetric[],
  more: Partial<cloudwatch.GraphWidgetProps> = {},
): cloudwatch.GraphWidget =>
  new cloudwatch.GraphWidget({ title, width, height: HEIGHT, left, leftYAxis: { min: 0, showUnits: false }, ...more });
