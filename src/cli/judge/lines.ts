import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { badInput } from '../exit.ts';
import { undoneAtEnd } from '../io/undo.ts';
import type { Answer, Limits, Question, Verifier } from './answer.ts';
import { residentMiB } from './memory.ts';
import { endGroup } from './process.ts';

const LOOK_MS = 50;
/** Bytes that one answer may have. */
const MAX_LINE = 1 << 20;

interface Said {
  readonly accepted: boolean;
  readonly error?: string;
  readonly panic?: boolean;
}

interface Running {
  readonly child: ChildProcess;
  /** Why it could not be started. */
  failure?: Error;
  /** Told of the next line, or of the end. */
  waiting: ((line: string | undefined) => void) | undefined;
}

/**
 * A verifier that answers one JSON line for each: `{"token": …, "key": …}` with names of files, then
 * `{"accepted": false, "error": …}`. One process serves all tokens until one ends or stops it.
 */
export const linesVerifier = (
  [program = '', ...args]: readonly string[],
  { timeoutMs, memoryMiB }: Limits,
  keyForm: '{key.pem}' | '{key.jwk}' | '{key.cose}',
): Verifier => {
  let running: Running | undefined;

  const start = (): Running => {
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    const started: Running = { child, waiting: undefined };
    const tell = (line: string | undefined): void => {
      const { waiting } = started;
      started.waiting = undefined;
      waiting?.(line);
    };
    const forget = undoneAtEnd(() => endGroup(child));
    let unread = 0;
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        unread = 0;
        tell(line);
      });
      child.stdout.on('data', ({ length }: Uint8Array) => {
        unread += length;
        if (unread > MAX_LINE) endGroup(child);
      });
    }
    child.stdin?.on('error', () => undefined);
    const gone = (failure?: Error): void => {
      forget();
      if (failure !== undefined) started.failure = failure;
      if (running === started) running = undefined;
      tell(undefined);
    };
    child.on('error', gone);
    child.on('close', () => gone());
    return started;
  };

  return {
    name: [program, ...args].join(' '),
    ask({ files }: Question) {
      const begin = performance.now();
      const answer = (kind: Answer['kind'], says: string): Answer => ({ kind, says, ms: performance.now() - begin });
      return new Promise((resolve, reject) => {
        running ??= start();
        const asked = running;
        const { child } = asked;
        let ended: Answer['kind'] | undefined;
        const end = (kind: Answer['kind']): void => {
          ended ??= kind;
          // Whatever it still says belongs to no question: the next one goes to a new process.
          if (running === asked) running = undefined;
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
        asked.waiting = (line) => {
          stop();
          const { failure } = asked;
          if (failure !== undefined) return reject(badInput(`${program}: cannot be run: ${failure.message}`, failure));
          if (line === undefined || ended !== undefined)
            return resolve(answer(ended ?? 'crashed', 'the process ended'));
          try {
            const { accepted, error = '', panic = false } = JSON.parse(line) as Said;
            return resolve(answer(panic ? 'crashed' : accepted ? 'accepted' : 'refused', error));
          } catch {
            end('crashed');
            return resolve(answer('crashed', `no JSON line: ${line.slice(0, 100)}`));
          }
        };
        child.stdin?.write(`${JSON.stringify({ token: files['{token}'], key: files[keyForm] })}\n`);
      });
    },
    close() {
      if (running !== undefined) endGroup(running.child);
      running = undefined;
    },
  };
};
