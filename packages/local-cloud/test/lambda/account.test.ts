/** What Lambda says of the account, through the SDK's client. */
import { Lambda } from '@aws-sdk/client-lambda';
import { createLambdaService } from '../../src/lambda/lambda-service';
import { clientConfig, frontDoorWith } from '../local-aws';
import { writeAssembly } from '../template/fixture';

it('tells the limit, and what is left of it for functions that have reserved nothing; all else it refuses', async () => {
  const assembly = writeAssembly({
    Resources: { Kept: { Type: 'AWS::Lambda::Function', Properties: { ReservedConcurrentExecutions: 3 } } },
  });
  const stack = assembly.resolve();
  assembly.remove();
  const door = await frontDoorWith(() => [createLambdaService(stack, 10)]);
  const client = new Lambda(clientConfig(door));
  try {
    expect(await client.getAccountSettings({})).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 7 },
      AccountUsage: { FunctionCount: 1 },
    });
    await expect(client.listFunctions({})).rejects.toMatchObject({
      name: 'NotImplemented',
      message: expect.stringContaining('It has: GetAccountSettings, Invoke, '),
    });
  } finally {
    client.destroy();
    await door.close();
  }
});
