/**
 * The declarations of the npm packages. Those of events get the descriptions of fields, so that editors show them: the
 * compiler emits only types.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { isMeetingEventType, type JsonSchema, jsonSchemaOf } from '@meetbus/events';

/** Compiles the declarations that a `tsconfig` asks for into a folder, which is removed after `use`. */
export function withDeclarations(projectRoot: string, tsconfig: string, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-declarations-'));
  try {
    // With several checkers each reads all declarations for itself.
    const options = ['--project', tsconfig, '--outDir', folder, '--singleThreaded'];
    execFileSync('tsc', options, { cwd: projectRoot, stdio: 'inherit' });
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Copies the declarations of entry points and of all that these import by path. Others are not copied: they need
 * packages that nobody installs.
 *
 * @param declarations folder with the declarations of the whole project
 * @param entries paths of the entry points under `base`, without their ending
 * @param base folder of the sources, relative to the project
 * @param target folder that replaces `base`
 */
export function copyDeclarations(declarations: string, entries: readonly string[], base: string, target: string): void {
  const from = join(declarations, base);
  const reached = new Set<string>();
  for (const entry of entries) reach(join(from, `${entry}.d.ts`), reached);
  for (const file of reached) {
    const copy = join(target, relative(from, file));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, withMeanings(readFileSync(file, 'utf8')));
  }
}

function reach(file: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()["'](\.[^"']+)["']/g)) {
    const target = join(dirname(file), path);
    reach(globSync([`${target}.d.ts`, `${target}/index.d.ts`])[0] ?? target, reached);
  }
}

/** The compiler's indentation in spaces. */
const INDENT = 4;

/** The declarations, with a comment above every field of an event's schema. Others are returned unchanged. */
const withMeanings = (declarations: string): string =>
  declarations.replace(/readonly type: "([^"]+)";[\s\S]*?readonly example: /g, (definition, type: string) =>
    isMeetingEventType(type) ? commented(definition, jsonSchemaOf(type)) : definition,
  );

/** @throws Error for a field that is not in the JSON Schema: then the compiler's output has another format */
function commented(definition: string, schema: JsonSchema): string {
  /** Fields begin one level below `readonly schema`. */
  let base = 0;
  const parents = [schema];
  const lines = definition.split('\n').flatMap((line) => {
    const [, indent = '', keyword, name] = /^( +)(readonly )?(\w+): /.exec(line) ?? [];
    if (keyword !== undefined) base = indent.length + INDENT;
    if (keyword !== undefined || name === undefined) return [line];
    const depth = (indent.length - base) / INDENT;
    const parent = parents[depth];
    const field = (parent?.items ?? parent)?.properties?.[name];
    if (field?.description === undefined)
      throw new Error(`The JSON Schema has no description for the field in "${line.trim()}".`);
    parents[depth + 1] = field;
    return [`${indent}/** ${field.description} */`, line];
  });
  return lines.join('\n');
}
