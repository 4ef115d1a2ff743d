/** Starts Meetbus in the local cloud as a user does, and reaches it as everybody else does: over HTTP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
} from '@aws-sdk/client-eventbridge';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PIPED } from './cli';
import { COMMAND_LINE } from './command-line';
import { type Answer, type HttpDelivery, send } from './http';
import { PROJECT_ROOT } from './project';
import { readLog, SeenSecrets } from './seen-secrets';
import { SUBSCRIBER_PREFIX, Subscription } from './subscription';
import { PATIENCE_MS, Patience, until } from './until';

/** Outputs of the stack that others build on. */
interface Outputs {
  readonly ApiUrl: string;
  readonly IntakeBusName: string;
  readonly SharedBusName: string;
  readonly BucketName: string;
  readonly ProberFunctionName: string;
}

interface StartOptions {
  /** Lead a process group of its own, as a command in a terminal does. */
  readonly detached?: boolean;
  /** Let its memory be looked at: {@link Meetbus.inspectorUrl}. */
  readonly inspected?: boolean;
  /** The file that Node.js runs. @default the bundled command line */
  readonly program?: string;
}

/** How it ended, and how long it took. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const START_LOOK_MS = 20;

/** With another context it synthesizes first. */
const START_PATIENCE_MS = 4 * PATIENCE_MS;
const STOP_TIMEOUT_MS = 60_000;

/** Between two looks at the queues. */
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 800;

/** AWS clients that reach a local cloud. */
function clientsAt(endpoint: string) {
  const config = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return {
    sqs: new SQSClient(config),
    eventBridge: new EventBridgeClient(config),
    secrets: new SecretsManagerClient(config),
    s3: new S3Client(config),
    dynamoDb: new DynamoDBClient(config),
  };
}

/** Spawns the local cloud with these flags, and gathers what it prints. */
export function spawnMeetbus(
  flags: readonly string[],
  { detached = false, inspected = false, program = COMMAND_LINE }: StartOptions = {},
) {
  const inspector = inspected ? ['--inspect=127.0.0.1:0'] : [];
  const child = spawn(process.execPath, [...inspector, program, 'local', ...flags], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...PIPED },
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: { stdout: string; stderr: string } = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    printed.stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    printed.stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]): Ended => ({ code, signal }));
  return { child, printed, ended };
}

/** File of a running Meetbus to which every line that its functions log goes; beside its folder, which has its own content. */
const functionLogOf = (state: string): string => `${state}.log`;

function removeFiles(state: string): void {
  for (const path of [state, functionLogOf(state)]) rmSync(path, { recursive: true, force: true });
}

/**
 * Starts Meetbus on free ports, with state files in a folder of its own.
 *
 * @throws Error with all that it printed, when it does not come up
 */
export async function startMeetbus(flags: readonly string[] = [], options: StartOptions = {}): Promise<Meetbus> {
  const state = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
  const ports = ['--port', '0', '--aws-port', '0', '--console-port', '0'];
  const own = [...ports, '--state', state, '--logs', functionLogOf(state)];
  const spawned = spawnMeetbus([...own, ...flags], options);
  const patience = new Patience(START_PATIENCE_MS);
  while (true) {
    const outputs = readJson<{ Meetbus: Outputs }>(join(state, 'outputs.json'));
    const addresses = readJson<{ awsUrl: string }>(join(state, 'local.json'));
    if (outputs && addresses) {
      const meetbus = new Meetbus(spawned, state, addresses.awsUrl, outputs.Meetbus);
      // Its deliveries would come between those of a test that takes longer than a minute.
      await meetbus.setProbe('off');
      return meetbus;
    }
    const failure = (): string => {
      spawned.child.kill('SIGKILL');
      removeFiles(state);
      const { stdout, stderr } = spawned.printed;
      return `Meetbus did not come up. It printed:\n${stdout}${stderr}`;
    };
    if (spawned.child.exitCode !== null) throw new Error(failure());
    await patience.pause(START_LOOK_MS, failure);
  }
}

/** The content of a file; undefined while it is not there, or half written. */
function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** A running Meetbus. */
export class Meetbus {
  readonly clients: ReturnType<typeof clientsAt>;
  /** What must stand in no log, see {@link Meetbus.stop}. */
  readonly secrets = new SeenSecrets();

  constructor(
    private readonly spawned: ReturnType<typeof spawnMeetbus>,
    /** Folder of its state files. */
    readonly state: string,
    readonly awsUrl: string,
    readonly outputs: Outputs,
  ) {
    this.clients = clientsAt(awsUrl);
  }

  get pid(): number {
    return this.spawned.child.pid!;
  }

  /** Where the inspector of its process listens, if it was started to be inspected. */
  get inspectorUrl(): string {
    return /ws:\/\/127\.0\.0\.1:\S+/.exec(this.spawned.printed.stderr)?.[0] ?? '';
  }

  /** The address of its console, with the key. */
  get consoleUrl(): string {
    return /See it: (http:\S+)/.exec(this.spawned.printed.stdout)?.[1] ?? '';
  }

  /** All that it has printed so far. */
  output(): string {
    return this.spawned.printed.stdout + this.spawned.printed.stderr;
  }

  /** Every line that functions have logged so far. */
  functionLog(): Buffer {
    return readLog(functionLogOf(this.state));
  }

  /** Posts a delivery as a provider does. */
  post(delivery: HttpDelivery): Promise<Answer> {
    this.secrets.addDelivery(delivery);
    return send(new URL(delivery.path.slice(1), this.outputs.ApiUrl), delivery);
  }

  /**
   * Posts again what was accepted before, up to three times until that is known: where the table does not answer a verifier in
   * time, as on a busy machine, a repeat is taken in once more.
   *
   * @returns the last answer
   */
  async postAgain(delivery: HttpDelivery): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.post(delivery);
      if (tries === 3 || answer.body.includes('duplicate')) return answer;
    }
  }

  /** Subscribes to a bus as another team does: with a queue and a rule. */
  subscribe(busName: string, pattern: object): Promise<Subscription> {
    return Subscription.create(this.clients, busName, pattern);
  }

  /** Everything on the bus from now on. */
  subscribeToAll(bus: 'intake' | 'shared'): Promise<Subscription> {
    const { IntakeBusName, SharedBusName } = this.outputs;
    return this.subscribe(bus === 'intake' ? IntakeBusName : SharedBusName, { source: [{ prefix: '' }] });
  }

  /**
   * Waits until every delivery accepted so far has been worked off, those stored while their queue was down too.
   *
   * @throws Error that names the queues that still hold messages; a dead-letter queue never empties by itself
   */
  async settled(patienceMs = PATIENCE_MS): Promise<void> {
    const patience = new Patience(patienceMs);
    let idleRounds = 0;
    let pauseMs = SHORTEST_PAUSE_MS;
    while (idleRounds < 2) {
      const stored = await this.storedDeliveries();
      if (stored.length > 0) await this.runSchedules();
      const busy = [...stored, ...(await this.#busyQueues())];
      idleRounds = busy.length === 0 ? idleRounds + 1 : 0;
      // Asking costs as much as the work that is waited for.
      pauseMs = busy.length === 0 ? SHORTEST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      await patience.pause(pauseMs, () => `These queues do not empty: ${busy.join(', ')}.`);
    }
  }

  /** Runs all schedules now; resolves when their functions are done. */
  async runSchedules(): Promise<void> {
    const { ok, status } = await fetch(`${this.awsUrl}/_local-cloud/schedules`, { method: 'POST' });
    if (!ok) throw new Error(`The schedules were answered ${status}.`);
  }

  /** Enables or disables the schedule of the probe. {@link startMeetbus} has disabled it. */
  async setProbe(state: 'on' | 'off'): Promise<void> {
    const { eventBridge } = this.clients;
    const { Rules = [] } = await eventBridge.send(new ListRulesCommand({}));
    for (const { Name } of Rules.filter((rule) => rule.Name?.includes('ProbeSchedule'))) {
      await eventBridge.send(state === 'on' ? new EnableRuleCommand({ Name }) : new DisableRuleCommand({ Name }));
    }
  }

  /** Sets the clock of CloudWatch forward: what was measured so far is so much older. */
  async advanceMinutes(minutes: number): Promise<void> {
    const { ok, status } = await fetch(`${this.awsUrl}/_local-cloud/clock`, {
      method: 'POST',
      body: JSON.stringify({ minutes }),
    });
    if (!ok) throw new Error(`The clock was answered ${status}.`);
  }

  /** Keys of deliveries that their queue did not take, and that were not brought back yet. */
  async storedDeliveries(): Promise<string[]> {
    const command = new ListObjectsV2Command({ Bucket: this.outputs.BucketName, Prefix: 'fallback/' });
    const { Contents = [] } = await this.clients.s3.send(command);
    return Contents.map(({ Key = '' }) => Key);
  }

  /** Has what is stored brought to its queue, until none is left. */
  async bringBack(): Promise<void> {
    const isBroughtBack = async () => {
      await this.runSchedules();
      return (await this.storedDeliveries()).length === 0;
    };
    await until(isBroughtBack, 'stored deliveries to be brought back');
  }

  /** Queues of the stack that hold messages, with their numbers. */
  async #busyQueues(): Promise<string[]> {
    const { QueueUrls = [] } = await this.clients.sqs.send(new ListQueuesCommand({}));
    const own = QueueUrls.filter((url) => !url.includes(SUBSCRIBER_PREFIX));
    const counts = await Promise.all(own.map((url) => this.#messagesIn(url)));
    return own.map((url, index) => `${url.split('/').at(-1)}: ${counts[index]}`).filter((_, index) => counts[index]);
  }

  async #messagesIn(QueueUrl: string): Promise<number> {
    const { Attributes } = await this.clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes ?? {};
    return Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
  }

  /** Sends a signal to it alone, or to its whole process group, as Ctrl-C in a terminal does. */
  signal(signal: NodeJS.Signals, target: 'process' | 'group' = 'process'): void {
    process.kill(target === 'group' ? -this.pid : this.pid, signal);
  }

  /** Resolves when it has ended. */
  get ended(): Promise<Ended> {
    return this.spawned.ended;
  }

  /**
   * Ends it as Ctrl-C does.
   *
   * @throws Error when it does not end in time, or when a secret stands in what its functions logged or it printed
   */
  async stop(): Promise<void> {
    const { child, ended } = this.spawned;
    for (const client of Object.values(this.clients)) client.destroy();
    if (child.exitCode === null) child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const { code } = await ended;
    clearTimeout(timer);
    const log = this.functionLog();
    removeFiles(this.state);
    if (code !== 0) throw new Error(`Meetbus ended with ${code ?? 'SIGKILL'}. It printed:\n${this.output()}`);
    const leaks = [log, Buffer.from(this.output())].flatMap((text) => this.secrets.linesIn(text));
    if (leaks.length > 0) throw new Error(`Meetbus logged secrets:\n${leaks.join('\n')}`);
  }
}
