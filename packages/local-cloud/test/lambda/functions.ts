import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionConfiguration } from '../../src/lambda/configuration';
import { LambdaFunction, type LambdaFunctionOptions } from '../../src/lambda/lambda-function';

/** What a test may say of a function; the rest has values that no test depends on. */
export type FunctionSettings = Partial<FunctionConfiguration> & Partial<Omit<LambdaFunctionOptions, 'configuration'>>;

/** Functions with their code in temporary folders, and the lines that they log. */
export class Functions {
  readonly lines: string[] = [];
  readonly #created: LambdaFunction[] = [];
  readonly #folders: string[] = [];

  /** @param source of `index.js` */
  create(source: string, settings: FunctionSettings = {}): LambdaFunction {
    const taskRoot = realpathSync(mkdtempSync(join(tmpdir(), 'function-')));
    this.#folders.push(taskRoot);
    writeFileSync(join(taskRoot, 'index.js'), source);
    const name = settings.name ?? 'worker';
    const lambdaFunction = new LambdaFunction({
      configuration: {
        name,
        arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
        handler: 'index.handler',
        taskRoot,
        timeoutSeconds: 5,
        memorySizeMB: 512,
        logGroupName: `/aws/lambda/${name}`,
        ...settings,
        // The settings' own environment overrides; the template's is this one.
        environment: { FROM_TEMPLATE: 'yes' },
      },
      endpoint: 'http://127.0.0.1:4566',
      onLog: (_, line) => this.lines.push(line),
      ...settings,
    });
    this.#created.push(lambdaFunction);
    return lambdaFunction;
  }

  /** Ends every function and removes its code. */
  async close(): Promise<void> {
    await Promise.all(this.#created.map((lambdaFunction) => lambdaFunction.close()));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** Source of a handler whose body is given. */
export const handler = (body: string) => `exports.handler = async (event, context) => { ${body} };`;

/** Waits until a condition holds; the test's own timeout ends a vain wait. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Whether a process lives. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
