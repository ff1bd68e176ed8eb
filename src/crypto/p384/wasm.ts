/** As much of WebAssembly (core specification 1.0) as straight arithmetic in numbers of 64 bits needs. */

/** Bytes of code that leave one value, or take what stands before them. */
export type Code = readonly number[];

const I32 = 0x7f;
const I64 = 0x7e;
const END = 0x0b;

const unsigned = (value: number): Code => (value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...unsigned(value >>> 7)]);
const signed = (value: bigint): Code =>
  value >= -0x40n && value < 0x40n ? [Number(value & 0x7fn)] : [Number(value & 0x7fn) | 0x80, ...signed(value >> 7n)];
const vector = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
const sized = (code: Code): Code => [...unsigned(code.length), ...code];
const section = (id: number, content: Code): Code => [id, ...sized(content)];
const name = (text: string): Code => vector([...text].map((letter) => [letter.charCodeAt(0)]));

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [...left, ...right, opcode];

export const constant = (value: bigint): Code => [0x42, ...signed(value)];
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const add = binary(0x7c);
export const subtract = binary(0x7d);
export const multiply = binary(0x7e);
export const and = binary(0x83);
export const xor = binary(0x85);
export const shiftLeft = binary(0x86);
/** Keeps the sign. */
export const shiftRight = binary(0x87);
export const shiftRightUnsigned = binary(0x88);

const ALIGNED = 2;
/** 32 bits without sign, `offset` bytes after the address that parameter `at` holds. */
export const load = (at: number, offset: number): Code => [...get(at), 0x35, ALIGNED, ...unsigned(offset)];
export const store = (at: number, offset: number, value: Code): Code => [
  ...get(at),
  ...value,
  0x3e,
  ALIGNED,
  ...unsigned(offset),
];

/** A function of three addresses without result. */
export interface Operation {
  readonly name: string;
  /** How many numbers of 64 bits it keeps, counted from local 3 on. */
  readonly locals: number;
  readonly code: Code;
}

/** The first local that is no parameter. */
export const FIRST_LOCAL = 3;
export const PAGE = 0x1_0000;

// The types of TypeScript have it among what belongs to a browser's window, which is not here.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (out: number, left: number, right: number) => void>> };
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

/** Operations, compiled, on a memory of so many bytes; each call of what is returned makes a memory of its own. */
export const compile = <Name extends string>(
  operations: readonly (Operation & { readonly name: Name })[],
): ((
  size: number,
) => Readonly<Record<Name, (out: number, left: number, right: number) => void>> & { buffer: ArrayBuffer }) => {
  const bodies = operations.map(({ locals, code }) => sized([...vector([[...unsigned(locals), I64]]), ...code, END]));
  const memory = [0x02, 0x00, ...unsigned(1)];
  const module = new WebAssembly.Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, vector([[0x60, ...vector([[I32], [I32], [I32]]), ...vector([])]])),
      ...section(2, vector([[...name(''), ...name('memory'), ...memory]])),
      ...section(3, vector(operations.map(() => [0]))),
      ...section(7, vector(operations.map((each, i) => [...name(each.name), 0x00, ...unsigned(i)]))),
      ...section(10, vector(bodies)),
    ]),
  );
  return (size) => {
    const own = new WebAssembly.Memory({ initial: Math.ceil(size / PAGE) });
    const { exports } = new WebAssembly.Instance(module, { '': { memory: own } });
    return { ...exports, buffer: own.buffer } as never;
  };
};
