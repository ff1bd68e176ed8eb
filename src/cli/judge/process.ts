import { type ChildProcess, spawn } from 'node:child_process';
import { badInput } from '../exit.ts';
import { undoneAtEnd } from '../io/undo.ts';
import type { Acceptance, Answer, Limits, Question, Verifier } from './answer.ts';
import { lastWords } from './answer.ts';
import { residentMiB } from './memory.ts';
import { filled } from './template.ts';

/** How often memory is looked at. */
const LOOK_MS = 50;
/** How long output may still come once its program has ended: it is in the pipe already. */
const DRAIN_MS = 2000;
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
    // A group of its own hears nothing of a terminal's Ctrl-C.
    const forget = undoneAtEnd(() => endGroup(child));
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
    let draining: NodeJS.Timeout | undefined;
    const stop = (): void => {
      forget();
      clearInterval(looking);
      for (const each of [timer, draining]) clearTimeout(each);
    };
    child.on('error', (error) => {
      stop();
      reject(badInput(`${child.spawnfile}: cannot be run: ${error.message}`, error));
    });
    child.on('exit', () => {
      clearTimeout(timer);
      // What it started and left behind is no longer wanted, and would keep the output open.
      endGroup(child);
      draining = setTimeout(() => {
        for (const output of [child.stdout, child.stderr]) output?.destroy();
      }, DRAIN_MS);
    });
    child.on('close', (status, signal) => {
      stop();
      resolve({ status, signal, ended, stdout: stdout(), stderr: stderr(), ms: performance.now() - start });
    });
  });

/** What a program's end is worth, as an answer. */
const answerOf = ({ status, signal, ended, stdout, stderr, ms }: ProcessEnd, { exit, output }: Acceptance): Answer => {
  const says = lastWords(stderr) || lastWords(stdout);
  const accepted = status !== null && exit.includes(status) && (output?.test(`${stdout}${stderr}`) ?? true);
  const kind = ended ?? (isDeath(status, signal, stderr) ? 'crashed' : accepted ? 'accepted' : 'refused');
  return { kind, says: signal === null ? says : `${signal} ${says}`.trim(), ms };
};

/** A verifier that is a program, run once for each token, within limits. It cannot disturb whoever waits for it. */
export const processVerifier = (words: readonly string[], limits: Limits, acceptance: Acceptance): Verifier => {
  const running = new Set<ChildProcess>();
  return {
    name: words.join(' '),
    async ask({ files }: Question) {
      const [program = '', ...args] = words.map((word) => filled(word, files));
      const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      running.add(child);
      try {
        return answerOf(await watched(child, limits), acceptance);
      } finally {
        running.delete(child);
      }
    },
    close: () => running.forEach(endGroup),
  };
};
