/** URL of a trace in the AWS console. Each function has its own; X-Ray links them. */
export const consoleUrl = (region: string, traceId: string): string =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#xray:traces/${traceId}`;
