import * as secretsManager from '@aws-sdk/client-secrets-manager';
import type { FrontDoor } from '../../src/front-door';
import { SecretStore } from '../../src/secrets-manager/secret-store';
import { createSecretsManagerService } from '../../src/secrets-manager/secrets-manager-service';
import { clientConfig, frontDoorWith } from '../local-aws';

const SecretId = 'shop/payments';

let store: SecretStore;
let door: FrontDoor;
let client: secretsManager.SecretsManagerClient;

beforeEach(async () => {
  store = new SecretStore();
  store.create(SecretId, { value: { SecretString: 'first' } });
  door = await frontDoorWith(() => [createSecretsManagerService(store)]);
  client = new secretsManager.SecretsManagerClient(clientConfig(door));
});

afterEach(async () => {
  client.destroy();
  await door.close();
});

const get = (input: Partial<secretsManager.GetSecretValueCommandInput> = {}) =>
  client.send(new secretsManager.GetSecretValueCommand({ SecretId, ...input }));
const put = (SecretString: string, more: Partial<secretsManager.PutSecretValueCommandInput> = {}) =>
  client.send(new secretsManager.PutSecretValueCommand({ SecretId, SecretString, ...more }));
const create = (input: secretsManager.CreateSecretCommandInput) =>
  client.send(new secretsManager.CreateSecretCommand(input));

it('gives a secret an ARN as AWS does', () => {
  expect(store.find(SecretId).arn).toMatch(
    /^arn:aws:secretsmanager:us-east-1:000000000000:secret:shop\/payments-[A-Za-z]{6}$/,
  );
});

it.each([
  ['name', (arn: string) => arn.slice(arn.indexOf('shop'), -7)],
  ['ARN', (arn: string) => arn],
  ['partial ARN', (arn: string) => arn.slice(0, -7)],
])('finds a secret by its %s', async (_kind, idOf) => {
  const { arn } = store.find(SecretId);
  expect(await get({ SecretId: idOf(arn) })).toMatchObject({ ARN: arn, Name: SecretId, SecretString: 'first' });
});

it.each([
  ['GetSecretValue', () => get({ SecretId: 'none' })],
  ['PutSecretValue', () => put('x', { SecretId: 'none' })],
  ['DescribeSecret', () => client.send(new secretsManager.DescribeSecretCommand({ SecretId: 'none' }))],
  ['UpdateSecret', () => client.send(new secretsManager.UpdateSecretCommand({ SecretId: 'none' }))],
  ['DeleteSecret', () => client.send(new secretsManager.DeleteSecretCommand({ SecretId: 'none' }))],
])('%s does not find an unknown secret', async (_operation, call) => {
  await expect(call()).rejects.toBeInstanceOf(secretsManager.ResourceNotFoundException);
});

it('keeps the current and the previous version', async () => {
  await put('second');
  const { VersionId } = await put('third');

  expect(await get()).toMatchObject({ SecretString: 'third', VersionId, VersionStages: ['AWSCURRENT'] });
  expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'second' });
  const described = await client.send(new secretsManager.DescribeSecretCommand({ SecretId }));
  expect(Object.values(described.VersionIdsToStages!).sort()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
});

it('keeps a pending version apart', async () => {
  const { VersionId } = await put('next', { VersionStages: ['AWSPENDING'] });
  expect(await get()).toMatchObject({ SecretString: 'first' });
  expect(await get({ VersionStage: 'AWSPENDING' })).toMatchObject({ SecretString: 'next' });
  expect(await get({ VersionId: VersionId! })).toMatchObject({ SecretString: 'next' });
});

it('puts a version once for one token', async () => {
  const ClientRequestToken = '11111111-2222-4333-8444-555555555555';
  await put('second', { ClientRequestToken });
  await put('second', { ClientRequestToken });
  expect(await get({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({ SecretString: 'first' });
  await expect(put('other', { ClientRequestToken })).rejects.toBeInstanceOf(secretsManager.ResourceExistsException);
});

it('holds binary secrets', async () => {
  await create({ Name: 'binary', SecretBinary: Buffer.from([0, 200, 255]) });
  const { SecretBinary, SecretString } = await get({ SecretId: 'binary' });
  expect([...SecretBinary!]).toEqual([0, 200, 255]);
  expect(SecretString).toBeUndefined();
});

it('creates a secret once', async () => {
  await expect(create({ Name: SecretId, SecretString: 'x' })).rejects.toBeInstanceOf(
    secretsManager.ResourceExistsException,
  );
  expect(await get()).toMatchObject({ SecretString: 'first' });
});

it('creates a secret without a value, to be put later', async () => {
  await create({ Name: 'empty', Description: 'for later' });
  await expect(get({ SecretId: 'empty' })).rejects.toBeInstanceOf(secretsManager.ResourceNotFoundException);
  await put('now', { SecretId: 'empty' });
  expect(await get({ SecretId: 'empty' })).toMatchObject({ SecretString: 'now' });
});

it.each([
  ['no value', { SecretId }],
  ['two values', { SecretId, SecretString: 'x', SecretBinary: Buffer.from('x') }],
  ['a value that is too long', { SecretId, SecretString: 'x'.repeat(65_537) }],
])('refuses %s', async (_case, input) => {
  const sent = client.send(new secretsManager.PutSecretValueCommand(input));
  await expect(sent).rejects.toBeInstanceOf(secretsManager.InvalidParameterException);
});

it('creates nothing when the value is refused', async () => {
  await expect(create({ Name: 'new', SecretString: 'x'.repeat(65_537) })).rejects.toThrow();
  await expect(create({ Name: 'new', SecretString: 'x' })).resolves.toMatchObject({ Name: 'new' });
});

it('updates value and description, and lists', async () => {
  await client.send(
    new secretsManager.UpdateSecretCommand({ SecretId, SecretString: 'second', Description: 'signing keys' }),
  );
  expect(await get()).toMatchObject({ SecretString: 'second' });
  await create({ Name: 'another' });
  const { SecretList } = await client.send(new secretsManager.ListSecretsCommand());
  expect(SecretList).toMatchObject([{ Name: 'another' }, { Name: SecretId, Description: 'signing keys' }]);
});

it('deletes for good', async () => {
  await client.send(new secretsManager.DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true }));
  await expect(get()).rejects.toBeInstanceOf(secretsManager.ResourceNotFoundException);
  await expect(create({ Name: SecretId, SecretString: 'anew' })).resolves.toMatchObject({ Name: SecretId });
});

it('marks for deletion, and restores', async () => {
  const { DeletionDate } = await client.send(new secretsManager.DeleteSecretCommand({ SecretId }));
  expect(Math.round((DeletionDate!.getTime() - Date.now()) / 86_400_000)).toBe(30);
  await expect(get()).rejects.toBeInstanceOf(secretsManager.InvalidRequestException);
  await expect(create({ Name: SecretId, SecretString: 'x' })).rejects.toThrow('scheduled for deletion');
  await client.send(new secretsManager.RestoreSecretCommand({ SecretId }));
  expect(await get()).toMatchObject({ SecretString: 'first' });
});
