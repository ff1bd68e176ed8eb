import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { interop, needs } from './support/context.ts';
import { judgeAll } from './support/peer.ts';
import { PUBLISHED_ANCHORS } from './support/published-anchors.ts';
import { attest, variants } from './support/swcca.ts';
import { tokenParts, withFlippedBits } from './support/token-parts.ts';

const { goCcatoken, goCcatokenNext, rustCcatoken, titles } = interop;

/** The crate knows the platform profile of 2022 only: it cannot read a token whose profile is that of 2023. */
const UNKNOWN_TO_THE_CRATE = 'Semantic error: unknown profile tag:arm.com,2023:cca_platform#1.0.0';

const judges = [
  { title: titles.goCcatoken, participant: goCcatoken, args: [], dialects: ['rmm-1.0', 'rmm-1.0-legacy'] },
  { title: titles.goCcatokenNext, participant: goCcatokenNext, args: [], dialects: ['rmm-1.1'] },
  { title: titles.rustCcatoken, participant: rustCcatoken, args: ['ccatoken'], dialects: ['rmm-1.0-legacy'] },
  { title: titles.rustCose, participant: rustCcatoken, args: ['cose'], dialects: ['rmm-1.0', 'rmm-1.0-legacy'] },
];

for (const { title, participant, args, dialects } of judges) {
  describe(title, () => {
    describe.for(dialects)('dialect %s', (dialect) => {
      test('accepts a token', async (context) => {
        const { command } = needs(context, participant);
        const { original } = attest('--dialect', dialect);
        const [verdict] = await judgeAll([...command, ...args], [original]);
        expect(verdict).toMatchObject({ accepted: true });
      });

      test('refuses a token when the key is one that somebody publishes', async (context) => {
        const { command } = needs(context, participant);
        const { directory, original } = attest('--dialect', dialect);
        const cases = PUBLISHED_ANCHORS.map(({ key }, i) => {
          const file = join(directory, `published-${i}.jwk.json`);
          writeFileSync(file, JSON.stringify(key));
          return { ...original, key: file };
        });
        const verdicts = await judgeAll([...command, ...args], cases);
        context.task.meta.counted = `${cases.length} keys`;
        expect(verdicts.map(({ accepted, stage }) => ({ accepted, stage }))).toEqual(
          cases.map(() => ({ accepted: false, stage: 'verify' })),
        );
      });

      test.for(['platform', 'realm'] as const)('refuses one flipped bit in the %s signature', async (part, context) => {
        const { command } = needs(context, participant);
        const bundle = attest('--dialect', dialect);
        const { signature } = tokenParts(bundle.token)[part];
        const cases = variants(bundle, part, withFlippedBits(bundle.token, signature));
        const verdicts = await judgeAll([...command, ...args], cases);
        context.task.meta.counted = `${verdicts.length} tokens`;
        expect(new Set(verdicts.map(({ accepted, stage }) => `${accepted} ${stage}`))).toEqual(
          new Set(['false verify']),
        );
      });
    });
  });
}

describe(titles.rustCcatoken, () => {
  test('does not know the platform profile of dialect rmm-1.0', async (context) => {
    const { command } = needs(context, rustCcatoken);
    const { original } = attest('--dialect', 'rmm-1.0');
    const [verdict] = await judgeAll([...command, 'ccatoken'], [original]);
    expect(verdict).toEqual({ accepted: false, stage: 'decode', error: UNKNOWN_TO_THE_CRATE });
  });
});
