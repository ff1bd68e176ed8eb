import { expect, test } from 'vitest';
import { CURVES } from '../../src/crypto/index.ts';
import { residues } from '../../src/crypto/p384/residues.ts';
import { createRandom } from '../properties/random.ts';

const { prime: P } = CURVES['P-384'];

/** Where carries and folds are at their worst: next to powers of two, to the prime, and all limbs full. */
const EDGES = [
  ...[0n, 1n, 2n, P - 1n, P - 2n, P / 2n, P - (1n << 127n), P - (1n << 20n)],
  ...[27n, 28n, 32n, 96n, 128n, 363n, 364n, 383n].flatMap((bit) => [(1n << bit) - 1n, 1n << bit, (1n << bit) + 1n]),
];

const random = createRandom(384);
const drawn = Array.from({ length: 60 }, () => BigInt(`0x${Buffer.from(random.bytes(48)).toString('hex')}`) % P);

test.each(['times', 'minus'] as const)('%s of numbers of 384 bits is what BigInt says', (name) => {
  const numbers = residues(3);
  const all = [...EDGES, ...drawn];
  for (const left of all) {
    for (const right of all) {
      numbers.write(0, left);
      numbers.write(1, right);
      numbers[name](2, 0, 1);
      const expected = name === 'times' ? (left * right) % P : (P + left - right) % P;
      if (numbers.read(2) !== expected) expect([left, right, numbers.read(2)]).toEqual([left, right, expected]);
    }
  }
  expect(numbers.read(2)).toBeLessThan(P);
});

test('a result may stand where an operand stood', () => {
  const numbers = residues(1);
  numbers.write(0, P - 3n);
  numbers.times(0, 0, 0);
  expect(numbers.read(0)).toBe(9n);
  numbers.minus(0, 0, 0);
  expect(numbers.read(0)).toBe(0n);
});

test('numbers are the same when all of them is', () => {
  const numbers = residues(3);
  numbers.write(0, 1n << 383n);
  numbers.write(1, (1n << 383n) + 1n);
  numbers.copy(2, 0);
  expect([numbers.same(0, 1), numbers.same(0, 2)]).toEqual([false, true]);
});

test('memories are apart', () => {
  const [one, other] = [residues(1), residues(1)];
  one.write(0, 7n);
  expect(other.read(0)).toBe(0n);
});
