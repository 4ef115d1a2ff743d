/** Which organizations a deployment trusts, by its outputs. */
import { trustedIn } from '../cli/trusted';

it.each([
  ['no list', undefined, undefined, []],
  ['a list of organizations', 'a,b', undefined, ['a', 'b']],
  ['a list of webhooks, which an archived event does not name', undefined, 'w', []],
  ['both lists, which must both name the sender', 'a', 'w', []],
  ['every webhook', undefined, '*', ['*']],
  ['every webhook of one organization', 'a', '*', ['a']],
] as const)('%s', (_, organizationIds, webhookIds, trusted) => {
  const outputs = {
    ...(organizationIds && { RealtimekitOrganizationIds: organizationIds }),
    ...(webhookIds && { RealtimekitWebhookIds: webhookIds }),
  };
  expect(trustedIn({ outputs, clientConfig: {} })).toEqual(trusted);
});
