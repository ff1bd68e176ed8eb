import { expect, test } from 'vitest';
import { TOKEN_CLAIM_LABELS } from '../../src/token/index.ts';
import { VERIFY_CLAIM_LABELS } from '../../src/verify/index.ts';

/** Written twice on purpose, so that a slip of one hand shows: here the two are held against each other. */
test.each(Object.keys(TOKEN_CLAIM_LABELS) as (keyof typeof TOKEN_CLAIM_LABELS)[])(
  'the verifier knows every label of the builder: %s',
  (set) => {
    expect(VERIFY_CLAIM_LABELS[set]).toMatchObject(TOKEN_CLAIM_LABELS[set]);
  },
);
