/** The Meetbus on which a command works: on AWS, found by the name of its stack, or in the local cloud. */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { localClientConfig } from './local/client-config';
import { type LocalAddresses, readAddresses, readOutputs } from './local/state-files';
import { checkProfile } from './profiles';

/** The file in which a local cloud writes its addresses. */
export const STATE_FOLDER = join(process.cwd(), '.meetbus');

/** The options that {@link addDeploymentOptions} gives a command. */
export interface DeploymentFlags {
  readonly local?: true;
  readonly state: string;
  readonly stack: string;
  readonly region?: string;
  readonly profile?: string;
}

/** Keys of a principal; those of a session have a token and expire. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The configuration of AWS clients: `new SQSClient(deployment.clientConfig)`. */
export interface ClientConfig {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly forcePathStyle?: true;
  readonly credentials?: Credentials | (() => Promise<Credentials>);
}

/** A running Meetbus. */
export interface Deployment {
  readonly clientConfig: ClientConfig;
  /** Outputs of the stack, by name. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Addresses of the local cloud, if the deployment is one. */
  readonly local?: LocalAddresses;
}

/** Adds the options that select the Meetbus. */
export function addDeploymentOptions(command: Command): Command {
  return command
    .addOption(new Option('--local', 'the local cloud that npx meetbus local runs, instead of AWS'))
    .addOption(new Option('--state <folder>', "the local cloud's state folder").default(STATE_FOLDER, '.meetbus'))
    .option('--stack <name>', 'name of the stack', 'Meetbus')
    .option('--region <region>', 'AWS region; else that of the environment or the profile')
    .option('--profile <profile>', 'AWS profile');
}

/**
 * Finds the Meetbus that the flags name.
 *
 * @throws Error that says what to do, if there is none
 */
export async function findDeployment(flags: DeploymentFlags): Promise<Deployment> {
  return flags.local ? findLocal(flags) : findOnAws(flags);
}

/**
 * An output of the stack.
 *
 * @throws Error that says what to do, if the stack has no such output
 */
export function outputOf({ outputs }: Deployment, name: string): string {
  const value = outputs[name];
  if (value === undefined) {
    throw new Error(
      `The stack has no output ${name}. An older version runs: deploy this one. Or the stack is your own, with the construct ` +
        'Meetbus in it: commands need a MeetbusStack.',
    );
  }
  return value;
}

function findLocal({ state, stack }: DeploymentFlags): Deployment {
  const local = readAddresses(state);
  return {
    local,
    outputs: readOutputs(state, stack),
    clientConfig: localClientConfig(local.awsUrl),
  };
}

async function findOnAws({ stack, region, profile }: DeploymentFlags): Promise<Deployment> {
  if (profile) checkProfile(profile);
  const clientConfig = { ...(region && { region }), ...(profile && { profile }) };
  // Loaded here, because no command needs it in the local cloud.
  const { CloudFormationClient, DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(clientConfig);
  try {
    const { Stacks: [found] = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    const outputs = (found?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]);
    return { clientConfig, outputs: Object.fromEntries(outputs) };
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') {
      throw new Error(`There is no stack ${stack} in this account and region. Name it with --stack, or deploy it.`);
    }
    if (error instanceof Error && isAboutWho(error)) {
      const message = error.message.replace(/\.?$/, '.');
      throw new Error(`${message} Say --region and --profile, or --local for the local cloud.`);
    }
    throw error;
  } finally {
    client.destroy();
  }
}

/** Whether the SDK lacks a region or credentials. */
const isAboutWho = ({ name, message }: Error): boolean =>
  name === 'CredentialsProviderError' || message === 'Region is missing';
