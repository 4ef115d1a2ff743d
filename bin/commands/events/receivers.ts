/** Who gets an event: the rules of a bus that it matches, and their targets. */
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { type Deployment, outputOf } from '../../deployment';
import { rulesOf, targetsOf } from '../replay/rules';

/** A rule that an event matches. */
export interface Receiver {
  readonly rule: string;
  readonly isEnabled: boolean;
  /** ARNs. */
  readonly targets: readonly string[];
}

/**
 * The rules of a bus that an event matches today.
 *
 * @param envelope the event as EventBridge delivers it
 */
export async function receiversOf(
  deployment: Deployment,
  bus: 'shared' | 'intake',
  { 'replay-name': _, ...envelope }: Readonly<Record<string, unknown>>,
): Promise<Receiver[]> {
  const busName = outputOf(deployment, bus === 'shared' ? 'SharedBusName' : 'IntakeBusName');
  const client = new EventBridgeClient(deployment.clientConfig);
  try {
    const Event = JSON.stringify(envelope);
    const rules = await rulesOf(client, busName);
    const found = await Promise.all(
      rules.map(async ({ Name: rule = '', State, EventPattern }): Promise<Receiver | undefined> => {
        const { Result: matches } = await client.send(new TestEventPatternCommand({ EventPattern, Event }));
        if (!matches) return undefined;
        const targets = (await targetsOf(client, busName, rule)).map(({ Arn = '' }) => Arn);
        return { rule, isEnabled: State !== 'DISABLED', targets };
      }),
    );
    return found.filter((receiver) => receiver !== undefined);
  } finally {
    client.destroy();
  }
}
