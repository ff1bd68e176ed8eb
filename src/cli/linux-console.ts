import type { LinuxGuest } from '../linux/index.ts';

/** Who ended a run from here, if anybody did. */
export type ConsoleEnd = 'nobody' | 'user' | 'timeout' | 'reader' | NodeJS.Signals;

export interface Console {
  readonly why: ConsoleEnd;
  /** Gives the terminal back. A signal that ended the run ends this process then. */
  disconnect(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Ctrl-], which telnet took for the same. */
const ESCAPE = 0x1d;

/**
 * Connects the guest's console to standard input and output. On a terminal every key goes to the guest, but for Ctrl-],
 * which ends the run.
 */
export const connectConsole = ({ consoleIn, consoleOut, kill }: LinuxGuest, timeout: number | undefined): Console => {
  const { stdin, stdout } = process;
  let why: ConsoleEnd = 'nobody';
  const end = (reason: ConsoleEnd): void => {
    if (why === 'nobody') why = reason;
    kill();
  };

  const show = (piece: Uint8Array): void => {
    if (stdout.write(piece)) return;
    consoleOut.pause();
    stdout.once('drain', () => consoleOut.resume());
  };
  const typed = (piece: Uint8Array): void => {
    if (stdin.isTTY === true && piece.includes(ESCAPE)) end('user');
    else consoleIn.write(piece);
  };
  // Nobody reads the console any more.
  const unread = (): void => end('reader');
  const listeners = SIGNALS.map((signal) => ({ signal, stop: () => end(signal) }));

  consoleOut.on('data', show);
  stdout.on('error', unread);
  stdin.on('data', typed);
  stdin.on('error', () => undefined);
  if (stdin.isTTY === true) stdin.setRawMode(true);
  for (const { signal, stop } of listeners) process.on(signal, stop);
  const clock = timeout === undefined ? undefined : setTimeout(() => end('timeout'), timeout * 1000);

  return {
    get why() {
      return why;
    },
    disconnect() {
      clearTimeout(clock);
      if (stdin.isTTY === true) stdin.setRawMode(false);
      stdin.off('data', typed);
      stdin.pause();
      for (const { signal, stop } of listeners) process.off(signal, stop);
      const signal = SIGNALS.find((each) => each === why);
      if (signal !== undefined) process.kill(process.pid, signal);
    },
  };
};
