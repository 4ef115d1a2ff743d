/** The saved queries as resources of the stack, and the log groups that they search. */
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { MonitoredParts } from './metrics';
import { type LoggedBy, queryStringOf, savedQueriesOf } from './queries';

type LoggingParts = Pick<MonitoredParts, 'ingress' | 'lanes' | 'fallback' | 'repair' | 'buses' | 'probe'>;

/** The log groups of a Meetbus, by who logs there. */
export function logGroupsOf({
  ingress,
  lanes,
  fallback,
  repair,
  buses,
  probe,
}: LoggingParts): Readonly<Record<LoggedBy, logs.ILogGroup[]>> {
  const verifiers = Object.values(ingress.verifiers).map(({ logGroup }) => logGroup);
  const consumers = Object.values(lanes).map(({ consumer }) => consumer.logGroup);
  const others = [ingress.probeVerifier, probe?.function, repair?.function].flatMap((one) => one?.logGroup ?? []);
  const functions = [...verifiers, ...consumers, fallback.function.logGroup, ...others];
  const requests = [ingress.accessLogs];
  const events = [buses.sharedLogGroup];
  return { verifiers, consumers, functions, requests, events, everything: [...functions, ...requests, ...events] };
}

/** The saved queries, each with the log groups that it searches. */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, { name, ...parts }: MonitoredParts) {
    super(scope, id);
    const groups = logGroupsOf(parts);
    for (const query of savedQueriesOf(parts.configuration.providers)) {
      new logs.CfnQueryDefinition(this, query.name, {
        name: `${name}/${query.name}`,
        queryString: queryStringOf(query.commands),
        logGroupNames: groups[query.of].map(({ logGroupName }) => logGroupName),
      });
    }
  }
}
