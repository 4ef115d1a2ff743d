/** Who calls the AWS endpoint, by the access key id of the call. */

import { randomBytes } from 'node:crypto';
import { AwsError, LOCAL_ACCOUNT } from '../service';
import type { Principal } from './evaluate';
import { readPolicy, type Statement } from './policy';
import type { Role } from './roles';

/** The caller. */
export interface Caller {
  readonly principal: Principal;
  /** What its own policies say. */
  readonly statements: readonly Statement[];
  /** The role that it acts in. */
  readonly role?: Role;
}

/** Credentials of a session, as STS gives them. */
export interface SessionCredentials {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
  readonly Expiration: string;
}

const ADMINISTRATOR = readPolicy({ Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }, 'AdministratorAccess');

/** An AWS service for itself. */
export const asService = (name: string): Caller => ({ principal: { type: 'service', name }, statements: [] });

/** A role in a session of that name. */
export const inRole = (role: Role, session: string): Caller => ({
  role,
  statements: role.statements,
  principal: {
    type: 'role',
    arn: role.arn,
    sessionArn: `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${role.name}/${session}`,
  },
});

/** A user of the account, an administrator: only the policy of a resource can deny it anything. */
const asUser = (name: string): Caller => ({
  statements: ADMINISTRATOR,
  principal: { type: 'user', arn: `arn:aws:iam::${LOCAL_ACCOUNT}:user/${name || 'anonymous'}` },
});

/** Everybody who calls. */
export class Callers {
  readonly #sessions = new Map<string, { readonly caller: Caller; readonly expiresAt: number }>();

  /** @param functionRoles by the name of the function, which is its access key id */
  constructor(
    private readonly functionRoles: ReadonlyMap<string, Role>,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * The caller of that access key id: a function, a session of a role, else the user of that name.
   *
   * @throws AwsError `ExpiredTokenException`
   */
  of(accessKeyId: string): Caller {
    const role = this.functionRoles.get(accessKeyId);
    if (role) return inRole(role, accessKeyId);
    const session = this.#sessions.get(accessKeyId);
    if (!session) return asUser(accessKeyId);
    if (session.expiresAt > this.now()) return session.caller;
    throw new AwsError('ExpiredTokenException', 'The security token included in the request is expired');
  }

  /** Begins a session of a role. */
  open(role: Role, sessionName: string, seconds: number): SessionCredentials {
    const secret = (bytes: number) => randomBytes(bytes).toString('base64url');
    const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const expiresAt = this.now() + seconds * 1000;
    this.#sessions.set(accessKeyId, { caller: inRole(role, sessionName), expiresAt });
    return {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secret(30),
      SessionToken: secret(96),
      Expiration: new Date(expiresAt).toISOString(),
    };
  }
}
