/** All rules of a bus, and all their targets: EventBridge returns pages. */
import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
} from '@aws-sdk/client-eventbridge';

/** The rules of a bus that events can match, except AWS's own rules, such as that of an archive. */
export async function rulesOf(client: EventBridgeClient, EventBusName: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListRulesCommand({ EventBusName, NextToken }));
    rules.push(...(page.Rules ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return rules.filter(({ ManagedBy, EventPattern }) => ManagedBy === undefined && EventPattern !== undefined);
}

/** The targets of a rule. */
export async function targetsOf(client: EventBridgeClient, EventBusName: string, Rule: string): Promise<Target[]> {
  const targets: Target[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTargetsByRuleCommand({ EventBusName, Rule, NextToken }));
    targets.push(...(page.Targets ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return targets;
}
