import { describe, expect, test } from 'vitest';
import { PARSER_NAMES, PARSERS } from './inputs/parsers.ts';
import { createReader, playInputs } from './inputs/play.ts';

/** How many inputs one run gives to each parser. `npm run soak:inputs` gives more, and others. */
const INPUTS = 250;

describe('random and mutated inputs come to results and coded errors, nothing else', () => {
  test.each(PARSER_NAMES)('%s', async (name) => {
    const read = createReader(name);
    for (const seed of PARSERS[name].seeds()) await read(seed);
    const { failure } = await playInputs(name, read, 0, INPUTS);
    if (failure !== undefined) expect.fail(failure);
  });
});
