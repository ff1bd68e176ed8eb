import { describe, test } from 'vitest';
import { quickMachine } from './machines.ts';
import { EDGE_CHECKS } from './places.ts';

describe('the edges of memory and of IPA spaces', () => {
  test.each(EDGE_CHECKS)('$title', ({ machine, run }) => run(quickMachine({ machine })));
});
