import { type RmiRecExit, recExitReasonName } from '../abi/index.ts';
import { hexNumber, toHex } from '../bytes/index.ts';
import type { EventValue, Registers } from '../trace/index.ts';
import type { Value } from './evaluate.ts';

/** A member of a result or of an object, as it can be compared and shown. */
export type Cell = bigint | number | string | boolean | Uint8Array | undefined | readonly Cell[] | CellRecord;
export type CellRecord = { readonly [name: string]: Cell };

/** What an act came to. */
export interface Outcome {
  readonly kind: 'status' | 'value' | 'exit' | 'exception' | 'done' | 'fault' | 'entered';
  /** `RMI_ERROR_RTT(2)`, `exit HOST_CALL`, a value. */
  readonly text: string;
  /** The return code without the interface in front of it. */
  readonly status?: { readonly name: string; readonly index: number };
  /** X0, or what was read. */
  readonly value?: Value;
  readonly reason?: string;
  readonly exception?: string;
  /** The failure condition that held. */
  readonly failed?: string;
  readonly members: CellRecord;
  /** Registers of whoever goes on. */
  readonly x: Registers;
}

export const cellText = (cell: Cell): string => {
  if (cell === undefined) return 'none';
  if (typeof cell === 'bigint') return hexNumber(cell);
  if (cell instanceof Uint8Array) return bytesText(cell);
  if (Array.isArray(cell)) return `[${(cell as readonly Cell[]).map(cellText).join(', ')}]`;
  if (typeof cell === 'object') return recordText(cell as CellRecord);
  return String(cell);
};

/** A cell as JSON has it: bytes as hexadecimal. Big numbers stay for whoever writes the JSON. */
export const cellJson = (cell: Cell): EventValue => {
  if (cell instanceof Uint8Array) return toHex(cell);
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(cellJson);
  if (typeof cell !== 'object') return cell;
  return Object.fromEntries(Object.entries(cell).map(([name, member]) => [name, cellJson(member)]));
};

/** Bytes as a script writes them, zeros at the tail left out. */
export const bytesText = (bytes: Uint8Array): string => {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length -= 1;
  return `hex"${toHex(bytes.subarray(0, length))}"`;
};

export const recordText = (record: CellRecord): string =>
  Object.entries(record)
    .map(([name, cell]) => `${name}=${cellText(cell)}`)
    .join(' ');

const isZero = (cell: Cell): boolean => {
  if (cell instanceof Uint8Array) return cell.every((byte) => byte === 0);
  if (Array.isArray(cell)) return (cell as readonly Cell[]).every(isZero);
  return cell === 0 || cell === 0n || cell === undefined;
};

/** The members that say something; of arrays the elements that do. */
export const spoken = (record: CellRecord): CellRecord => {
  const out: Record<string, Cell> = {};
  for (const [name, cell] of Object.entries(record)) {
    if (isZero(cell)) continue;
    if (!Array.isArray(cell)) out[name] = cell;
    else {
      for (const [i, element] of (cell as readonly Cell[]).entries()) {
        if (!isZero(element)) out[`${name}[${i}]`] = element;
      }
    }
  }
  return out;
};

/** The exit that a Host finds in the run page. */
export const exitOutcome = (exit: RmiRecExit, x: Registers): Outcome => {
  const reason = recExitReasonName(exit.exit_reason) ?? `reason ${exit.exit_reason}`;
  const members = exit as unknown as CellRecord;
  const { exit_reason: _, ...rest } = members;
  const says = recordText(spoken(rest));
  return { kind: 'exit', text: `exit ${reason}${says === '' ? '' : ` { ${says} }`}`, reason, members, x };
};
