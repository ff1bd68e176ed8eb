import { describe, expect, test } from 'vitest';
import { createScene, sharesOf } from './scenes.ts';
import { report, runSequence } from './sequence.ts';

/** How many sequences one run plays, over all scenes. `npm run soak` plays more, and others. */
const SEQUENCES = 2000;
const LENGTH = 200;

describe('random sequences of commands keep every law of the machine', () => {
  test.each(sharesOf(SEQUENCES))(
    '$count from the scene $name',
    ({ name, count }) => {
      const scene = createScene(name);
      for (let seed = 0; seed < count; seed += 1) {
        const { failure } = runSequence(scene, seed, LENGTH);
        if (failure !== undefined) expect.fail(report(scene, seed, LENGTH, failure));
      }
    },
    300_000,
  );
});
