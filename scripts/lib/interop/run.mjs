import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and keeps what it said.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{ found: boolean, status: number, stdout: string, stderr: string }>} `found` is false when there is
 *   no such program
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', (error) => resolve({ found: false, status: -1, stdout, stderr: String(error) }));
    child.on('close', (status) => resolve({ found: true, status: status ?? -1, stdout, stderr }));
  });
}

/** The last thing a failed program said, as one line. */
export const lastWords = ({ stdout, stderr }) => (stderr.trim() || stdout.trim()).split('\n').at(-1)?.trim() ?? '';
