import type fc from 'fast-check';
import { concatBytes, utf8 } from '../../src/bytes/index.ts';
import { type CborValue, encode, Tagged } from '../../src/cbor/index.ts';

/**
 * An encoder that takes every liberty that a well-formed item has: any head width, indefinite lengths, strings in pieces.
 * Written apart from `encode`, of which it uses only what has no head to vary.
 */
export class LooseEncoder {
  /** Liberties taken so far. */
  liberties = 0;
  readonly #choose: (count: number) => number;

  /** @param choose  an index below `count`. */
  constructor(choose: (count: number) => number) {
    this.#choose = choose;
  }

  encode(value: CborValue): Uint8Array {
    if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
      const integer = BigInt(value);
      return integer < 0n ? this.#head(1, -1n - integer) : this.#head(0, integer);
    }
    if (typeof value === 'string') return this.#string(3, [...value].map(utf8));
    if (value instanceof Uint8Array)
      return this.#string(
        2,
        Array.from(value, (byte) => Uint8Array.of(byte)),
      );
    if (value instanceof Tagged) return concatBytes(this.#head(6, BigInt(value.tag)), this.encode(value.content));
    if (Array.isArray(value))
      return this.#list(
        4,
        value.length,
        value.map((member) => this.encode(member)),
      );
    if (value instanceof Map) {
      return this.#list(
        5,
        value.size,
        [...value].flatMap(([key, member]) => [this.encode(key), this.encode(member)]),
      );
    }
    return encode(value);
  }

  #head(major: number, argument: bigint): Uint8Array {
    const widths = [0, 1, 2, 4, 8].filter((width) => argument < (width === 0 ? 24n : 1n << BigInt(8 * width)));
    const choice = this.#choose(widths.length);
    if (choice > 0) this.liberties += 1;
    const width = widths[choice] as number;
    if (width === 0) return Uint8Array.of((major << 5) | Number(argument));
    const digits = argument.toString(16).padStart(2 * width, '0');
    return concatBytes(
      Uint8Array.of((major << 5) | (24 + Math.log2(width))),
      Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    );
  }

  #string(major: number, units: readonly Uint8Array[]): Uint8Array {
    const whole = concatBytes(...units);
    if (this.#choose(3) > 0) return concatBytes(this.#head(major, BigInt(whole.length)), whole);
    this.liberties += 1;
    const cut = this.#choose(units.length + 1);
    const pieces = [units.slice(0, cut), units.slice(cut)].map((piece) => concatBytes(...piece));
    return this.#indefinite(
      major,
      pieces.map((piece) => concatBytes(this.#head(major, BigInt(piece.length)), piece)),
    );
  }

  #list(major: number, count: number, members: readonly Uint8Array[]): Uint8Array {
    if (this.#choose(3) > 0) return concatBytes(this.#head(major, BigInt(count)), ...members);
    this.liberties += 1;
    return this.#indefinite(major, members);
  }

  #indefinite(major: number, members: readonly Uint8Array[]): Uint8Array {
    return concatBytes(Uint8Array.of((major << 5) | 31), ...members, Uint8Array.of(0xff));
  }
}

/** Choices drawn from fast-check, so that they shrink to none taken. */
export const choiceFrom = (gen: fc.GeneratorValue, nat: typeof fc.nat) => (count: number) => gen(nat, count - 1);
