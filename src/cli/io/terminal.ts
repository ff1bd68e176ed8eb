import { hexNumber } from '../../bytes/index.ts';
import { badOutput } from '../exit.ts';

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;
export type Style = keyof typeof STYLES;
export type Paint = Readonly<Record<Style, (text: string) => string>>;

/** Whether to colour, by https://no-color.org, its opposite FORCE_COLOR, and whether anybody looks. */
export const wantsColour = (isTty: boolean, env: NodeJS.ProcessEnv): boolean => {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return isTty && env['TERM'] !== 'dumb';
};

export const paint = (colour: boolean): Paint =>
  Object.fromEntries(
    Object.entries(STYLES).map(([style, [on, off]]) => [
      style,
      colour ? (text: string) => `\u001b[${on}m${text}\u001b[${off}m` : (text: string) => text,
    ]),
  ) as unknown as Paint;

/** Control characters of a file name or an argument would end the line, or drive the terminal: shown as `\x1b`. */
export const oneLine = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (c) =>
    c === '\n' ? ' ' : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** Where a command's answer goes: the result to standard output and nothing else; remarks to standard error. */
export interface Terminal {
  /** Styles for what `print` writes. */
  readonly paint: Paint;
  /** Text of the result; a line end is added when it has none. */
  print(text: string): void;
  /** Text of the result as it is. */
  write(text: string): void;
  /** The result as JSON, for programs. */
  json(value: unknown): void;
  /** Binary result. Refused when a person looks, unless they asked for it by name. */
  binary(bytes: Uint8Array, asked: boolean): void;
  /** A remark for people, one line. */
  note(text: string): void;
}

const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? hexNumber(v) : v), 2);

/** The terminal of a process, which can be waited for. */
export interface ProcessTerminal extends Terminal {
  /**
   * Waits until everything is out. A reader that stopped reading (`swcca show … | head`) is no failure.
   *
   * @throws {UsageError} OUTPUT, when standard output took less than it was given, as on a full disk.
   */
  finish(): Promise<void>;
}

/** The terminal of this process. `command` opens each remark, so that it is known who speaks. */
export const processTerminal = (command: string): ProcessTerminal => {
  const writes: Promise<NodeJS.ErrnoException | undefined>[] = [];
  const write = (data: string | Uint8Array): void => {
    const { stdout } = process;
    // The callback of the write tells the same; without a listener Node would end the process.
    if (stdout.listenerCount('error') === 0) stdout.on('error', () => undefined);
    writes.push(
      new Promise((resolve) => {
        stdout.write(data, (error) => resolve(error ?? undefined));
      }),
    );
  };
  let styles: Paint | undefined;
  return {
    get paint() {
      styles ??= paint(wantsColour(process.stdout.isTTY === true, process.env));
      return styles;
    },
    write,
    print: (text) => write(text.endsWith('\n') ? text : `${text}\n`),
    json: (value) => write(`${jsonText(value)}\n`),
    binary: (bytes, asked) => {
      if (process.stdout.isTTY === true && !asked) {
        throw badOutput('the result is binary and would upset the terminal; write it with -o FILE, or pipe it');
      }
      write(bytes);
    },
    note: (text) => void process.stderr.write(`swcca ${command}: ${oneLine(text)}\n`),
    finish: async () => {
      const failure = (await Promise.all(writes)).find((error) => error !== undefined && error.code !== 'EPIPE');
      if (failure !== undefined) throw badOutput(`standard output: cannot be written (${failure.code})`, failure);
    },
  };
};
