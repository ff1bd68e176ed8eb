import { sizeText } from './size.ts';

export interface Progress {
  /** So much more is done, in the unit of the total. */
  advance(amount: number): void;
  /** Ends the display, whether or not everything was done. */
  end(): void;
}

/** What a display needs of a stream and a clock. */
export interface ProgressPorts {
  readonly stream: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  readonly nowMs: () => number;
}

/** An operation shorter than this shows nothing. */
const PATIENCE_MS = 2000;
/** Time after which a guess of the total is worth something. */
const GUESS_MS = 400;
const REDRAW_MS = 100;
const BAR_CELLS = 28;

const bar = (share: number): string => {
  const done = Math.round(share * BAR_CELLS);
  return `[${'#'.repeat(done)}${'.'.repeat(BAR_CELLS - done)}]`;
};

/**
 * Shows how far an operation over `total` bytes, or what `amountText` makes of it, is, once it is known to take more than two seconds: a bar that redraws
 * itself on a terminal, elsewhere a line for each further quarter.
 */
export const progress = (
  label: string,
  total: number,
  ports: ProgressPorts,
  amountText: (amount: number) => string = sizeText,
): Progress => {
  const { stream, nowMs } = ports;
  const startMs = nowMs();
  let done = 0;
  let drawnMs = Number.NEGATIVE_INFINITY;
  let quarter = 0;
  let drawn = false;

  const isLong = (elapsedMs: number): boolean =>
    elapsedMs >= PATIENCE_MS || (elapsedMs >= GUESS_MS && done > 0 && (elapsedMs * total) / done >= PATIENCE_MS);

  const draw = (): void => {
    const share = Math.min(1, done / total);
    const text = `${label}: ${Math.floor(share * 100)} % of ${amountText(total)}`;
    if (stream.isTTY === true) {
      const line = `${bar(share)} ${text}`;
      stream.write(`\r${line.slice(0, (stream.columns ?? 80) - 1)}\u001b[K`);
      drawn = true;
    } else if (Math.floor(share * 4) > quarter) {
      quarter = Math.floor(share * 4);
      stream.write(`${text}\n`);
    }
  };

  return {
    advance: (amount) => {
      done += amount;
      const now = nowMs();
      if (!isLong(now - startMs) || now - drawnMs < REDRAW_MS) return;
      drawnMs = now;
      draw();
    },
    end: () => {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
};

const processPorts = (): ProgressPorts => ({ stream: process.stderr, nowMs: () => performance.now() });

/** The display of this process, on standard error. */
export const processProgress = (label: string, total: number): Progress => progress(label, total, processPorts());

const NOBODY_LOOKS: Progress = { advance: () => undefined, end: () => undefined };

/** The display of this process for things that are counted, such as tokens: only where standard error is a terminal. */
export const processCount = (label: string, total: number, things: string): Progress =>
  process.stderr.isTTY === true
    ? progress(label, total, processPorts(), (amount) => `${amount} ${things}`)
    : NOBODY_LOOKS;
