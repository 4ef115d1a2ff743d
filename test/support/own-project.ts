/** A project that brings a provider of its own, Acme Rooms, for commands that run in its folder. No loader there is for TypeScript. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from './project';

export class OwnProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'meetbus-own-'));

  /** @param entries of its secret `acme/keys`: source text that may use the kinds of the kit */
  constructor(entries: string) {
    symlinkSync(join(PROJECT_ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    mkdirSync(join(this.folder, 'acme'));
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ meetbus: { providers: ['./acme'] } }));
    writeFileSync(join(this.folder, 'acme', 'index.ts'), sourceWith(entries));
  }

  /** Copies the state folder of a deployment, as if that had the provider. Returns the folder of the copy. */
  stateLike(state: string): string {
    const copy = join(this.folder, 'state');
    cpSync(state, copy, { recursive: true });
    const outputs = join(copy, 'outputs.json');
    const { Meetbus } = JSON.parse(readFileSync(outputs, 'utf8'));
    writeFileSync(outputs, JSON.stringify({ Meetbus: { ...Meetbus, AcmeSecretName: 'acme/keys' } }));
    return copy;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const sourceWith = (entries: string): string => `
  import * as z from 'zod';
  import * as kinds from '${join(PROJECT_ROOT, 'providers', 'kit', 'secret-entries')}';
  import { defineProvider } from '${join(PROJECT_ROOT, 'providers', 'provider')}';

  export const acme = defineProvider('acme', z.strictObject({}), () => ({
    title: 'Acme Rooms',
    runtimeFile: 'runtime',
    runtime: async () => ({ runtime: {} }),
    families: ['bot', 'unrecognized'],
    routes: [],
    secret: { name: 'acme/keys', entries: ${entries}, isRequired: true },
  }));`;
