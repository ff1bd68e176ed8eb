import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dictionary, encodeScript, seeds } from '../../../src/response/index.ts';
import { scratch } from './swcca.ts';

/** The mistakes that copies of the worked client have on purpose, and what each comes to. */
export const MISTAKES = {
  edge: 'a full granule with INCOMPLETE is taken for an error',
  length: 'the length is believed, whatever room there was',
  spin: 'it asks for ever while nothing comes',
  bound: 'the upper bound is not looked at again',
} as const;

/** In which ways each mistake shows itself. */
export const FINDINGS: Readonly<Record<keyof typeof MISTAKES, RegExp>> = {
  edge: /^gave-up host$/,
  length: /^(trusted-length rmm|heap-buffer-overflow)$/,
  spin: /^endless host$/,
  bound: /^(over-bound rmm|heap-buffer-overflow)$/,
};

/** The seeds as files, in a folder of their own, and the dictionary beside them. */
export const seedFiles = () => {
  const folder = join(scratch(), 'scripts');
  const dictionaryFile = join(scratch(), 'swcca.dict');
  mkdirSync(folder, { recursive: true });
  const files = [...seeds()].map(([name, script]) => {
    const path = join(folder, name);
    writeFileSync(path, encodeScript(script));
    return { name, path };
  });
  writeFileSync(dictionaryFile, dictionary());
  return { folder, files, dictionaryFile };
};

/**
 * What a fuzz target says of one script: nothing, a finding with its fault model, or what a sanitizer calls it.
 */
export const verdictOf = (program: string, script: string, ...options: readonly string[]): string | undefined => {
  const { status, signal, stderr, error } = spawnSync(program, [...options, script], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ASAN_OPTIONS: 'abort_on_error=0', UBSAN_OPTIONS: 'print_stacktrace=0' },
  });
  if (error !== undefined) throw error;
  if (status === 0) return undefined;
  const finding = /^([a-z-]+): .* \((host|rmm)\)$/m.exec(stderr);
  if (finding !== null) return `${finding[1]} ${finding[2]}`;
  return /SUMMARY: \w+: ([\w-]+)/.exec(stderr)?.[1] ?? `${signal ?? status}: ${stderr.trim().slice(-200)}`;
};
