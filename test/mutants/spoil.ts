import type { Command } from '../../src/spec/index.ts';
import type { Driver } from '../conformance/language/driver.ts';

/** Inputs that conditions call by another name. */
const INPUT_OF: Readonly<Record<string, string>> = {
  run: 'run_ptr',
  params: 'params_ptr',
  rec: 'rec_ptr',
  calling: 'calling_rec',
  target: 'target_rec',
};

const registerOf = ({ inputs }: Command, condition: string): number | undefined => {
  const prefix = condition.slice(0, condition.lastIndexOf('_'));
  return (inputs[prefix] ?? inputs[INPUT_OF[prefix] ?? ''])?.first;
};

const set = (x: readonly bigint[], register: number, value: bigint): bigint[] =>
  x.map((old, n) => (n === register ? BigInt.asUintN(64, value) : old));

/** Above every IPA space, with the bits below as they were: a walk, which looks at those alone, ends where it did. */
const BEYOND = 1n << 60n;

/**
 * The registers of a call, and memory if need be, changed so that one more condition holds while others go on holding:
 * what a structure says stays where it can be read, and what a walk finds stays where it was.
 */
export const spoil = (driver: Driver, command: Command, condition: string, x: readonly bigint[]): readonly bigint[] => {
  const register = registerOf(command, condition);
  if (register === undefined) return x;
  const value = x[register] ?? 0n;
  if (condition === 'level_bound') return set(x, register, value + 1n);
  if (condition.endsWith('_align')) return set(x, register, value + 1n);
  if (condition === 'ipa_bound') return set(x, register, value | BEYOND);
  if (condition.endsWith('_pas')) {
    driver.changePas(value, 'GPT_SECURE');
    return x;
  }
  if (condition.endsWith('_bound')) {
    const device = driver.machine.device[0]?.base ?? 0n;
    const bytes = driver.read(value, 0x1000);
    if (bytes !== undefined) driver.write(device, bytes);
    return set(x, register, device);
  }
  return x;
};
