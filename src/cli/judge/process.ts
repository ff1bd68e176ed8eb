import { type ChildProcess, spawn } from 'node:child_process';
import { badInput } from '../exit.ts';
import type { Acceptance, Answer, Limits, Question, Verifier } from './answer.ts';
import { lastWords } from './answer.ts';
import { residentMiB } from './memory.ts';
import { filled } from './template.ts';

/** How often memory is looked at. */
const LOOK_MS = 50;
/** Output that is kept: its end. */
const KEPT = 1 << 14;

/** What runtimes write when they give up: an exit status alone does not tell that from a refusal. */
const DEATHS = [
  /^panic: /m,
  /^fatal error: /m,
  /^goroutine \d+ \[running\]/m,
  /^thread '.*' \(?.*panicked at /m,
  /^Traceback \(most recent call last\):/m,
  /^Exception in thread /m,
  /^Node\.js v\d+/m,
  /Segmentation fault|AddressSanitizer|terminate called after throwing/,
];
/** A shell reports a signal as this and its number; these are no way to say no. */
const SIGNAL_BASE = 128;
const DEADLY_SIGNALS = [4, 6, 7, 8, 11];
const RUST_PANIC = 101;

export const isDeath = (status: number | null, signal: NodeJS.Signals | null, stderr: string): boolean =>
  signal !== null ||
  (status !== null && DEADLY_SIGNALS.includes(status - SIGNAL_BASE)) ||
  (status === RUST_PANIC && stderr.includes('panicked at')) ||
  (status !== 0 && DEATHS.some((death) => death.test(stderr)));

/** Ends a process and all that it has started, which share its group. */
export const endGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
};

const tailOf = (stream: NodeJS.ReadableStream | null): (() => string) => {
  let kept = '';
  stream?.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT);
  });
  return () => kept;
};

/** How a program ended, or why it was ended. */
export interface ProcessEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ended: 'hung' | 'out-of-memory' | undefined;
  /** The end of what it wrote. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Waits for a program that leads its group, and ends it when it goes beyond its limits. */
export const watched = (child: ChildProcess, { timeoutMs, memoryMiB }: Limits): Promise<ProcessEnd> =>
  new Promise((resolve, reject) => {
    const start = performance.now();
    const [stdout, stderr] = [tailOf(child.stdout), tailOf(child.stderr)];
    let ended: ProcessEnd['ended'];
    const end = (kind: 'hung' | 'out-of-memory'): void => {
      ended ??= kind;
      endGroup(child);
    };
    const timer = setTimeout(() => end('hung'), timeoutMs);
    const looking = setInterval(() => {
      if (child.pid !== undefined && residentMiB(child.pid) > memoryMiB) end('out-of-memory');
    }, LOOK_MS);
    const stop = (): void => {
      clearTimeout(timer);
      clearInterval(looking);
    };
    child.on('error', (error) => {
      stop();
      reject(badInput(`${child.spawnfile}: cannot be run: ${error.message}`, error));
    });
    child.on('close', (status, signal) => {
      stop();
      // What it started and left behind is no longer wanted.
      endGroup(child);
      resolve({ status, signal, ended, stdout: stdout(), stderr: stderr(), ms: performance.now() - start });
    });
  });

/** Runs a program on one token, within limits. It cannot disturb whoever waits for it. */
const runOnce = async (
  [program = '', ...args]: readonly string[],
  limits: Limits,
  { exit, output }: Acceptance,
): Promise<Answer> => {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { status, signal, ended, stdout, stderr, ms } = await watched(child, limits);
  const says = lastWords(stderr) || lastWords(stdout);
  const accepted = status !== null && exit.includes(status) && (output?.test(`${stdout}${stderr}`) ?? true);
  const kind = ended ?? (isDeath(status, signal, stderr) ? 'crashed' : accepted ? 'accepted' : 'refused');
  return { kind, says: signal === null ? says : `${signal} ${says}`.trim(), ms };
};

/** A verifier that is a program, run once for each token. */
export const processVerifier = (words: readonly string[], limits: Limits, acceptance: Acceptance): Verifier => ({
  name: words.join(' '),
  ask: ({ files }: Question) =>
    runOnce(
      words.map((word) => filled(word, files)),
      limits,
      acceptance,
    ),
  close: () => undefined,
});
