import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { badInput } from '../exit.ts';
import { systemReason } from '../io/system-error.ts';

/** Why a server stops, and what a program that it ran exited with. */
export interface Stop {
  readonly why: string;
  readonly code: number;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a shell says of a program that a signal ended. */
const SIGNALLED = 128;

/** Whether somebody holds the other end of standard input, whose end is a wish that we stop. */
const isHeld = (): boolean => {
  try {
    const stats = fstatSync(0);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
};

interface Running {
  readonly ended: Promise<Stop>;
  /** Tells the program to end, if it has not. Nobody waits for it. */
  stop(): void;
}

const run = ([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>>): Running => {
  const child: ChildProcess = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const ended = new Promise<Stop>((resolve, reject) => {
    child.on('error', (error) => {
      reject(badInput(`${program}: cannot be run: ${systemReason(error) ?? error.message}`, error));
    });
    child.on('close', (code, signal) => {
      resolve({ why: `${program} ended`, code: code ?? SIGNALLED + (signal === null ? 0 : 1) });
    });
  });
  const stop = (): void => {
    if (child.exitCode === null && child.signalCode === null) child.kill();
    child.unref();
  };
  return { ended, stop };
};

/**
 * Resolves when a server is to stop: by a signal, when standard input is a pipe and ends, or when the program that it runs
 * has ended.
 *
 * @param ready  says that the server is there, once a signal is heard.
 * @throws {UsageError} INPUT, when the program cannot be run.
 */
export const untilStopped = async (
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: () => void,
): Promise<Stop> => {
  const off: (() => void)[] = [];
  const signal = new Promise<Stop>((resolve) => {
    for (const name of SIGNALS) {
      const stop = (): void => resolve({ why: name, code: 0 });
      process.on(name, stop);
      off.push(() => process.off(name, stop));
    }
  });
  try {
    ready();
    if (command.length > 0) {
      const { ended, stop } = run(command, env);
      off.push(stop);
      return await Promise.race([signal, ended]);
    }
    const end = new Promise<Stop>((resolve) => {
      if (!isHeld()) return;
      const stop = (): void => resolve({ why: 'standard input ended', code: 0 });
      process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
      off.push(() => process.stdin.destroy());
    });
    return await Promise.race([signal, end]);
  } finally {
    for (const each of off) each();
  }
};
