import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder in a temporary place; whoever makes it removes it. */
export const scratchFolder = (files: Readonly<Record<string, string | Uint8Array>> = {}) => {
  const path = mkdtempSync(join(tmpdir(), 'swcca-test-'));
  const at = (name: string): string => join(path, name);
  const write = (name: string, data: string | Uint8Array): string => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), data);
    return at(name);
  };
  for (const [name, data] of Object.entries(files)) write(name, data);
  return {
    path,
    at,
    write,
    names: (): string[] => readdirSync(path).sort(),
    remove: (): void => rmSync(path, { recursive: true, force: true }),
  };
};

/** A folder for one test, gone after it. */
export const folder = (files: Readonly<Record<string, string | Uint8Array>> = {}) => {
  const made = scratchFolder(files);
  onTestFinished(made.remove);
  return made;
};
