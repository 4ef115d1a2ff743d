/** Reads the environment variables that the stack gives each function. */

/**
 * The value of a required variable.
 *
 * @throws Error that names the variable: the function was not deployed by the Meetbus stack, or by another version of it
 */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} is not set. Deploy the function with the Meetbus stack.`);
  }
  return value;
}

/**
 * The value of a variable that earlier versions did not set. AWS updates a function's code and its environment in two
 * calls; in between, the new code runs with the previous environment.
 */
export const newVariable = (name: string, meanwhile: string): string => process.env[name] || meanwhile;

/** Name of the variable that holds the URL of a family's queue. */
export const queueUrlVariable = (family: string): string => `QUEUE_URL_${family.toUpperCase()}`;

/** Name of the secret with the key of a provider's API. Verifiers may not read it. */
export const apiSecretNameOf = (provider: string): string => `meetbus/${provider}-api`;

/** Name of the variable that a consumer has where the function `repair` runs. */
export const REPAIR_VARIABLE = 'REPAIR';

/** Whether the function `repair` runs, which needs to know what begins. */
export const isRepairEnabled = (): boolean => process.env[REPAIR_VARIABLE] === 'enabled';

/** Name of the variable with options that replace those beside the code, in JSON: `{"<provider>":{…}}`. */
export const OPTIONS_VARIABLE = 'PROVIDER_OPTIONS';
