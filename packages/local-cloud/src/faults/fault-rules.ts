/** The rules of a fault plan as a person writes them, and what each fault can befall. */
import * as z from 'zod';

/** The services of the local cloud by the names that a rule uses, and their `X-Amz-Target` prefixes. */
export const SERVICE_PREFIXES = {
  sqs: 'AmazonSQS',
  dynamodb: 'DynamoDB_20120810',
  events: 'AWSEvents',
  secretsmanager: 'secretsmanager',
  s3: 'AmazonS3',
} as const;

export type FaultService = keyof typeof SERVICE_PREFIXES;

const SERVICES = Object.keys(SERVICE_PREFIXES) as FaultService[];

/** What a fault can befall; where nothing is said, any call. */
interface Reach {
  readonly service?: FaultService;
  readonly operations?: readonly string[];
}

/** Every fault there is. */
export const FAULTS = {
  /** Answered with the service's own throttling error; not carried out. */
  throttle: {},
  /** Answered with the service's own error of status 500; not carried out. */
  error: {},
  /** Answered as to a caller without the permission; not carried out. */
  denied: {},
  /** The connection is cut; not carried out. Without an operation, mappings receive nothing from SQS either. */
  down: {},
  /** No answer for 30 seconds, or until the client gives up; not carried out. */
  timeout: {},
  /** Carried out, and then the connection is cut. */
  lost_answer: {},
  /** Carried out after a while. */
  slow: {},
  /** The caller's execution environment is killed; not carried out. */
  kill_before: {},
  /** Carried out, and the caller's execution environment is killed before the answer. */
  kill_during: {},
  /** Carried out and answered, and then the caller's execution environment is killed. */
  kill_after: {},
  /** Every message of the call is sent twice. */
  duplicate: { service: 'sqs', operations: ['SendMessage', 'SendMessageBatch'] },
  /** Some of the entries, at least one, are refused; the others are carried out. */
  fail_entries: { service: 'events', operations: ['PutEvents'] },
  /** A message that a mapping deletes is delivered once more, as a standard queue may do. */
  redeliver: { service: 'sqs', operations: ['DeleteMessage'] },
} as const satisfies Record<string, Reach>;

export type Fault = keyof typeof FAULTS;

/** The faults of a function's own calls. */
export type CallFault = Exclude<Fault, 'redeliver'>;

/** What a fault can befall, with every member that {@link Reach} has. */
export const reachOf = (fault: Fault): Reach => FAULTS[fault];

const RULE = z
  .strictObject({
    service: z.enum(SERVICES),
    /** Such as `PutItem`; every operation unless given. */
    operation: z.string().optional(),
    fault: z.enum(Object.keys(FAULTS) as Fault[]),
    /** Share of the calls that it befalls. */
    rate: z.number().min(0).max(1).optional(),
    /** How many calls it befalls: the next ones. */
    count: z.int().min(1).optional(),
    /** Part of the name of the functions whose calls it befalls. */
    functionName: z.string().min(1).optional(),
    /** For `slow`: how long. */
    milliseconds: z.int().min(0).max(60_000).optional(),
  })
  .superRefine((rule, context) => {
    for (const message of complaintsAbout(rule)) context.addIssue({ code: 'custom', message });
  });

const PLAN = z.strictObject({
  /** The same seed and the same sequence of calls give the same faults. Made up unless given. */
  seed: z.int().min(0).max(0xffff_ffff).optional(),
  faults: z.array(RULE),
});

/** One rule; with neither rate nor count it befalls every call until the plan is replaced. */
export type FaultRule = z.infer<typeof RULE>;

/** The input of a fault plan. */
export type FaultPlanInput = z.infer<typeof PLAN>;

/** Says in one line what is wrong with a fault plan. */
export class FaultPlanError extends Error {
  override readonly name = 'FaultPlanError';

  constructor(reason: string) {
    super(`The fault plan is wrong: ${reason}.`);
  }
}

/**
 * Checks the rules of a plan.
 *
 * @param operationsOf the operations of a service, so that a misspelt one is an error
 * @throws FaultPlanError
 */
export function readFaultPlan(
  input: unknown,
  operationsOf: (service: FaultService) => readonly string[],
): FaultPlanInput {
  const { data: plan, error } = PLAN.safeParse(input);
  if (error) throw new FaultPlanError(error.issues.map(describeIssue).join('; '));
  for (const [index, { service, operation }] of plan.faults.entries()) {
    const known = operationsOf(service);
    if (operation === undefined || known.includes(operation)) continue;
    throw new FaultPlanError(
      `faults[${index}].operation: ${service} has no ${operation}. It has: ${known.toSorted().join(', ')}`,
    );
  }
  return plan;
}

function complaintsAbout({ service, operation, fault, rate, count, milliseconds }: FaultRule): string[] {
  const reach = reachOf(fault);
  const wrongOperation = operation !== undefined && reach.operations?.includes(operation) === false;
  const complaints = [
    rate !== undefined && count !== undefined && 'give rate or count, not both',
    fault === 'slow' && milliseconds === undefined && 'slow needs milliseconds',
    fault !== 'slow' && milliseconds !== undefined && 'milliseconds is for slow only',
    reach.service !== undefined && reach.service !== service && `${fault} is for ${reach.service} only`,
    wrongOperation && `${fault} is for ${reach.operations?.join(' and ')} only`,
  ];
  return complaints.filter((complaint) => typeof complaint === 'string');
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return place ? `${place.replace(/^\./, '')}: ${message}` : message;
}
