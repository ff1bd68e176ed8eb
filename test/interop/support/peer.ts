import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One token to judge: files with the token and with the platform's public key (JWK). */
export interface Case {
  readonly token: string;
  readonly key: string;
}

/** What a peer answers. Its own words are kept: they are what a user of that verifier sees. */
export interface Verdict<Read = unknown> {
  readonly accepted: boolean;
  readonly stage?: 'input' | 'decode' | 'validate' | 'verify' | 'crash' | 'hang';
  readonly error?: string;
  readonly panic?: boolean;
  readonly vectors?: unknown;
  /** What it read, where it is a reader. */
  readonly read?: Read;
}

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Puts every case to a peer: one process for all of them, one JSON line each way per case. A case that ends the process
 * is a `crash`, one that is not answered in time a `hang`; the cases behind it go to a new process.
 */
export function judgeAll(
  command: readonly string[],
  cases: readonly Case[],
  timeoutMs = ANSWER_TIMEOUT_MS,
): Promise<Verdict[]> {
  return askAll(command, cases, timeoutMs);
}

/** The same with whatever a peer is asked: its driver says what a request is and what it reads. */
export async function askAll<Read>(
  command: readonly string[],
  requests: readonly object[],
  timeoutMs = ANSWER_TIMEOUT_MS,
): Promise<Verdict<Read>[]> {
  const verdicts: Verdict<Read>[] = [];
  while (verdicts.length < requests.length) {
    const { answers, end } = await converse<Read>(command, requests.slice(verdicts.length), timeoutMs);
    verdicts.push(...answers);
    if (end !== undefined && verdicts.length < requests.length) verdicts.push(end);
  }
  return verdicts;
}

interface Conversation<Read> {
  readonly answers: readonly Verdict<Read>[];
  /** Why the process stopped before the last answer. */
  readonly end?: Verdict<Read>;
}

function converse<Read>(
  [program = '', ...args]: readonly string[],
  cases: readonly object[],
  timeoutMs: number,
): Promise<Conversation<Read>> {
  return new Promise((resolve, reject) => {
    const answers: Verdict<Read>[] = [];
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let hung = false;
    const onSilence = () => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(onSilence, timeoutMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      answers.push(JSON.parse(line) as Verdict<Read>);
      clearTimeout(timer);
      timer = setTimeout(onSilence, timeoutMs);
    });
    // A peer that dies closes its end: the exit says so, not the pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (answers.length === cases.length) return resolve({ answers });
      const how = hung ? `no answer within ${timeoutMs} ms` : `ended with ${signal ?? `exit status ${code}`}`;
      resolve({ answers, end: { accepted: false, stage: hung ? 'hang' : 'crash', error: how } });
    });
  });
}
