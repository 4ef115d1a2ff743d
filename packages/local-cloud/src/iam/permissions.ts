/** Enforces the permissions of a stack: who may call what, by the policies of the template. */

import { type Delivery, serviceOf } from '../eventbridge/types';
import type { Invocation } from '../protocol';
import type { Buckets } from '../s3/s3-service';
import type { SecretStore } from '../secrets-manager/secret-store';
import { AwsError, type CallContext, LOCAL_ACCOUNT } from '../service';
import type { Queues } from '../sqs/queues';
import { localArn } from '../template/resource-types';
import type { ResolvedStack, StackResource } from '../template/stack';
import { type Access, accessesOf, type Lookups } from './access';
import { asService, type Caller, Callers, inRole, type SessionCredentials } from './callers';
import { denial, unknownAccess } from './denial';
import { callerOf, type Decision, evaluate, evaluateTrust, namesOf, type Principal } from './evaluate';
import { type GrantReport, Grants } from './grants';
import { matchesArn } from './match';
import { readPolicy, type Statement } from './policy';
import { type ResourcePolicy, readResourcePolicies } from './resource-policies';
import { type Role, readRoles } from './roles';

/** The stores that are needed to find the resource of a call. */
export interface PermissionsOptions {
  readonly queues: Queues;
  readonly secrets: SecretStore;
  readonly buckets: Buckets;
}

const LAMBDA = 'lambda.amazonaws.com';
const EVENTS = 'events.amazonaws.com';
const STS = 'AWSSecurityTokenServiceV20110615';
const API_GATEWAY = 'apigateway.amazonaws.com';

/** What Lambda's poller does with a queue. */
const POLLING = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** The permissions of a stack. Everything that is allowed is counted, see {@link Permissions.report}. */
export class Permissions {
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #functionRoles: ReadonlyMap<string, Role>;
  readonly #callers: Callers;
  readonly #resourcePolicies: readonly ResourcePolicy[];
  readonly #declared: ReadonlySet<string | undefined>;
  readonly #queues: Queues;
  readonly #queuePolicies = new Map<string, readonly Statement[]>();
  readonly #lookups: Lookups;
  readonly #grants = new Grants();

  /**
   * @throws Error that names the function whose role is not the stack's or not Lambda's to assume, or the policy that
   * the local cloud cannot read
   */
  constructor(stack: ResolvedStack, { queues, secrets, buckets }: PermissionsOptions) {
    this.#roles = readRoles(stack);
    this.#functionRoles = new Map(
      stack.ofType('AWS::Lambda::Function').map((resource) => [resource.name, this.#roleOfFunction(resource)]),
    );
    this.#callers = new Callers(this.#functionRoles);
    this.#resourcePolicies = readResourcePolicies(stack);
    this.#declared = new Set(stack.resources.map(({ attributes }) => attributes.Arn));
    this.#queues = queues;
    this.#lookups = {
      sourcesOf: (arn) => {
        const queue = queues.byArn(arn);
        return queue ? queues.sourcesOf(queue).map((source) => source.arn) : [];
      },
      secretArn: (id) => secrets.list().find(({ name, arn }) => [name, arn, arn.slice(0, -7)].includes(id))?.arn,
      hasObject: (bucket, key) => !buckets.names().includes(bucket) || buckets.get(bucket).has(key),
    };
    for (const { name, statements } of this.#roles.values()) this.#grants.add(statements, name);
    for (const { statements } of this.#resourcePolicies) this.#grants.add(statements);
    for (const { arn } of queues.list()) this.#grants.add(this.#queuePolicy(arn));
  }

  /**
   * Checks a call to the AWS endpoint. An access key id that is neither a function's nor a session's is an outside client's:
   * an administrator of the account, who may do whatever no policy of a resource denies.
   *
   * @throws AwsError the denial of the service that was called; `ExpiredTokenException`
   */
  authorizeCall({ service: { targetPrefix }, operation, input }: Invocation, { accessKeyId }: CallContext): void {
    const caller = this.#callers.of(accessKeyId);
    const accesses = accessesOf(targetPrefix, operation, input, this.#lookups);
    if (!accesses && caller.role) throw unknownAccess(targetPrefix, operation);
    for (const access of accesses ?? []) this.#require(caller, access, access.context ?? {}, targetPrefix);
  }

  /** ARN of who calls, as `GetCallerIdentity` tells it. */
  callerArn(accessKeyId: string): string {
    return callerOf(this.#callers.of(accessKeyId).principal);
  }

  /**
   * Begins a session of a role.
   *
   * @throws AwsError `AccessDenied` where there is no such role, or the caller may not assume it
   */
  assumeRole(accessKeyId: string, roleArn: string, sessionName: string, seconds: number) {
    const { principal, statements } = this.#callers.of(accessKeyId);
    const role = this.#roles.get(roleArn);
    const access = { action: 'sts:AssumeRole', resource: roleArn };
    const request = { principal, ...access, context: contextOf(principal) };
    if (!role) throw denial(principal, access, { allowed: false, because: 'no_allow' }, STS);
    const decision = evaluateTrust(role.trust, statements, request);
    if (!decision.allowed) throw denial(principal, access, decision, STS);
    const credentials: SessionCredentials = this.#callers.open(role, sessionName, seconds);
    return { sessionArn: callerOf(inRole(role, sessionName).principal), credentials };
  }

  /**
   * Checks that API Gateway may invoke a function.
   *
   * @param method such as `<API id>/<stage>/POST/calls`
   * @throws AwsError `AccessDeniedException`
   */
  authorizeInvoke(functionName: string, method: string): void {
    const access = { action: 'lambda:InvokeFunction', resource: localArn('lambda', `function:${functionName}`) };
    this.#require(asService(API_GATEWAY), access, sourceContext(localArn('execute-api', method)));
  }

  /**
   * Checks that EventBridge may hand an event to a target or a dead-letter queue.
   *
   * @throws AwsError `AccessDeniedException`
   */
  authorizeDelivery({ targetArn, rule, roleArn }: Delivery): void {
    if (this.#isOpen(targetArn)) return;
    const caller = roleArn === undefined ? asService(EVENTS) : inRole(this.#assume(roleArn, EVENTS), rule.name);
    for (const access of deliveryAccesses(targetArn)) this.#require(caller, access, sourceContext(rule.arn));
  }

  /**
   * Checks that a function's role may poll a queue, as AWS does when an event source mapping is created.
   *
   * @throws Error that names what the role lacks
   */
  authorizePolling(functionName: string, queueArn: string): void {
    const role = this.#functionRoles.get(functionName);
    if (!role) throw new Error(`There is no function ${functionName} to poll ${queueArn}.`);
    for (const name of POLLING) {
      const decision = this.#decide(inRole(role, functionName), { action: `sqs:${name}`, resource: queueArn }, {});
      if (decision.allowed) continue;
      throw new Error(
        `The execution role ${role.name} does not have permissions to call ${name} on ${queueArn}. Grant it sqs:${name}.`,
      );
    }
  }

  /** Every grant of the stack's roles and resource policies, with how often it was used. */
  report(): GrantReport {
    return this.#grants.report();
  }

  #require(caller: Caller, access: Access, context: Readonly<Record<string, string>>, targetPrefix?: string): void {
    const decision = this.#decide(caller, access, context);
    if (!decision.allowed) throw denial(caller.principal, access, decision, targetPrefix);
  }

  #decide(
    { principal, role, statements }: Caller,
    { action, resource }: Access,
    about: Readonly<Record<string, string>>,
  ): Decision {
    const policies = { identity: statements, resource: this.#policiesOf(resource) };
    const context = { ...about, ...contextOf(principal) };
    const decision = evaluate(policies, { principal, action, resource, context });
    if (decision.allowed) {
      const holders = [...namesOf(principal, 'Allow'), ...(role ? [role.name] : [])];
      this.#grants.use(decision.by, holders, action, resource);
    }
    return decision;
  }

  #policiesOf(resource: string): readonly Statement[] {
    const attached = this.#resourcePolicies.filter(({ attachedTo }) =>
      attachedTo.some((pattern) => matchesArn(pattern, resource)),
    );
    return [...attached.flatMap(({ statements }) => statements), ...this.#queuePolicy(resource)];
  }

  /** A queue's policy is one of its attributes, whether the template or a client has set it. */
  #queuePolicy(arn: string): readonly Statement[] {
    const text = this.#queues.byArn(arn)?.attributes.Policy;
    if (!text) return [];
    const statements = this.#queuePolicies.get(text) ?? readPolicy(text, `Policy of ${arn}`);
    this.#queuePolicies.set(text, statements);
    return statements;
  }

  /**
   * AWS would deliver nothing to a queue or bus without a policy. The template's are held to that. One that a client
   * has made here is open until it has a policy: whoever tries a first rule would see no event, and no reason.
   */
  #isOpen(arn: string): boolean {
    const canBeMadeHere = ['sqs', 'events'].includes(serviceOf(arn));
    return canBeMadeHere && !this.#declared.has(arn) && this.#policiesOf(arn).length === 0;
  }

  #roleOfFunction({ logicalId, properties: { Role: roleArn } }: StackResource): Role {
    try {
      return this.#assume(String(roleArn), LAMBDA);
    } catch (error) {
      throw new Error(`${logicalId}: ${(error as Error).message}`);
    }
  }

  #assume(roleArn: string, service: string): Role {
    const role = this.#roles.get(roleArn);
    if (!role) throw new AwsError('AccessDeniedException', `The role ${roleArn} is not part of the stack.`);
    const { principal } = asService(service);
    const request = { principal, action: 'sts:AssumeRole', resource: roleArn, context: contextOf(principal) };
    if (evaluateTrust(role.trust, [], request).allowed) return role;
    throw new AwsError('AccessDeniedException', `The role ${role.name} cannot be assumed by ${service}.`);
  }
}

const sourceContext = (sourceArn: string) => ({ 'aws:sourcearn': sourceArn, 'aws:sourceaccount': LOCAL_ACCOUNT });

/** What is known of every request of a principal. */
function contextOf(principal: Principal): Record<string, string> {
  return {
    // What goes over loopback never leaves the machine: it counts as secure transport.
    'aws:securetransport': 'true',
    'aws:principalisawsservice': String(principal.type === 'service'),
    ...(principal.type !== 'service' && {
      'aws:principalarn': principal.arn,
      'aws:principalaccount': LOCAL_ACCOUNT,
    }),
  };
}

/** What EventBridge does with a target, by the service of the target. */
const DELIVERY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  sqs: ['sqs:SendMessage'],
  lambda: ['lambda:InvokeFunction'],
  events: ['events:PutEvents'],
  logs: ['logs:CreateLogStream', 'logs:PutLogEvents'],
};

function deliveryAccesses(targetArn: string): Access[] {
  const service = serviceOf(targetArn);
  // EventBridge writes to a log stream of its own in the group.
  const resource = service === 'logs' ? `${targetArn.replace(/:\*$/, '')}:log-stream:events` : targetArn;
  return (DELIVERY_ACTIONS[service] ?? []).map((action) => ({ action, resource }));
}
