import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** Packages and built-in modules that loading a file of `src` loads with it. */
const loads = (file: string, seen = new Set<string>()): string[] => {
  const path = resolve(SRC, file);
  if (seen.has(path)) return [];
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  const imports = [...text.matchAll(/^(?:import|export)(?! type\b)[^;]*?from '([^']+)';/gm)].map(
    (match) => match[1] as string,
  );
  return imports.flatMap((from) => (from.startsWith('.') ? loads(resolve(dirname(path), from), seen) : [from]));
};

test.each(['crypto/index.ts', 'cbor/index.ts', 'cose/index.ts'])('%s loads no package and nothing of Node', (file) => {
  expect(loads(file)).toEqual([]);
});

test('crypto/node.ts loads node:crypto and not noble', () => {
  expect(loads('crypto/node.ts')).toEqual(['node:crypto']);
});

test('crypto/noble.ts loads noble and nothing of Node', () => {
  const loaded = loads('crypto/noble.ts');
  expect(loaded).not.toHaveLength(0);
  for (const name of loaded) expect(name).toMatch(/^@noble\//);
});
