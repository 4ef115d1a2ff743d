/** `PUT`, `GET` and `DELETE /_local-cloud/faults` on the AWS endpoint: how a test or a person sets the fault plan. */
import { type HttpAnswer, json } from '../http-answer';
import { FaultPlanError } from './fault-rules';
import type { Faults } from './faults';

export const FAULTS_PATH = '/_local-cloud/faults';

/** Answers a request to {@link FAULTS_PATH}; each answer is the plan and what it has injected, or `{ error }`. */
export function answerFaultsRequest(faults: Faults, method: string, body: Buffer): HttpAnswer {
  switch (method) {
    case 'GET':
      return json(200, faults.status());
    case 'PUT':
      return replace(faults, body);
    case 'DELETE': {
      const ended = faults.status();
      faults.clear();
      return json(200, ended);
    }
    default:
      return json(405, { error: `${FAULTS_PATH} takes GET, PUT and DELETE.` });
  }
}

function replace(faults: Faults, body: Buffer): HttpAnswer {
  try {
    faults.replace(parse(body));
    return json(200, faults.status());
  } catch (error) {
    if (error instanceof FaultPlanError) return json(400, { error: error.message });
    throw error;
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new FaultPlanError('it is not JSON. Send { "seed": 1, "faults": [ … ] }');
  }
}
