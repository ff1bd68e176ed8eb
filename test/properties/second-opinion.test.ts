import { describe, test } from 'vitest';
import { quickMachine } from './machines.ts';
import { compareTwins } from './second/compare.ts';
import { TWIN_MACHINE } from './second/twin.ts';

const machine = quickMachine({ machine: TWIN_MACHINE });

describe('tables, RIPAS and measurements agree with a second account of them', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('seed %i', (seed) => compareTwins(machine.fork(), seed));
});
