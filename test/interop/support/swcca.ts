import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Case } from './peer.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would: the built one. */
export function swcca(...args: readonly string[]): Outcome {
  return spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** Runs the command line, and when standard output has said something, tells it the next thing. */
export async function converse(
  args: readonly string[],
  steps: readonly (readonly [heard: string, says: string])[],
): Promise<Outcome> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  let heard = 0;
  let next = 0;
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  child.stdout.setEncoding('latin1').on('data', (piece: string) => {
    stdout += piece;
    for (let step = steps[next]; step !== undefined; step = steps[next]) {
      const at = stdout.indexOf(step[0], heard);
      if (at === -1) return;
      heard = at + step[0].length;
      next += 1;
      child.stdin.write(step[1]);
    }
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

/** A directory of its own for a test, gone after it. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'swcca-interop-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The files of a bundle that peers are given. */
export interface Bundle {
  readonly directory: string;
  readonly token: Uint8Array;
  /** The case that a peer has to accept. */
  readonly original: Case;
}

/** Boots a machine, launches a Realm and attests: `swcca token --bundle`. */
export function attest(...args: readonly string[]): Bundle {
  const directory = join(scratch(), 'bundle');
  const outcome = swcca('token', '--bundle', directory, ...args);
  if (outcome.status !== 0) throw new Error(`swcca token ${args.join(' ')}: ${outcome.stderr}`);
  const original = { token: join(directory, 'token.cbor'), key: join(directory, 'cpak.jwk.json') };
  return { directory, token: readFileSync(original.token), original };
}

/** Writes variants of a bundle's token beside it: the cases that a peer has to refuse. */
export function variants({ directory, original }: Bundle, name: string, tokens: readonly Uint8Array[]): Case[] {
  return tokens.map((token, index) => {
    const file = join(directory, `${name}-${index}.cbor`);
    writeFileSync(file, token);
    return { token: file, key: original.key };
  });
}
