import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const ANSWER_TIMEOUT_MS = 10_000;

/**
 * Puts every case to a peer that answers one JSON line per JSON line. One that ends the process is a crash, one that is
 * not answered in time a hang; the cases behind it go to a new process.
 *
 * @param {readonly string[]} command
 * @param {readonly { token: string, key: string }[]} cases
 * @returns {Promise<readonly { accepted: boolean, stage?: string, error?: string, panic?: boolean }[]>}
 */
export async function converse(command, cases) {
  const verdicts = [];
  while (verdicts.length < cases.length) {
    const { answers, end } = await askFrom(command, cases.slice(verdicts.length));
    verdicts.push(...answers);
    if (end !== undefined && verdicts.length < cases.length) verdicts.push(end);
  }
  return verdicts;
}

function askFrom([program, ...args], cases) {
  return new Promise((resolve, reject) => {
    const answers = [];
    let hung = false;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const onSilence = () => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(onSilence, ANSWER_TIMEOUT_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      answers.push(JSON.parse(line));
      clearTimeout(timer);
      timer = setTimeout(onSilence, ANSWER_TIMEOUT_MS);
    });
    // A peer that dies closes its end: the exit says so, not the pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(cases.map((one) => `${JSON.stringify(one)}\n`).join(''));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const error = hung ? 'no answer' : `ended with ${signal ?? `exit status ${code}`}`;
      const end = { accepted: false, stage: hung ? 'hang' : 'crash', error };
      resolve(answers.length === cases.length ? { answers } : { answers, end });
    });
  });
}
