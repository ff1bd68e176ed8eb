import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BAD_FORMS, type BadForm, type BadFormId, type ExpectedOutcome } from '../../src/endorse/index.ts';
import { interop, needs } from './support/context.ts';
import { askAll } from './support/peer.ts';
import { attest, scratch, swcca } from './support/swcca.ts';

const { rustCcatoken, titles } = interop;

type Vector = Readonly<Record<string, number>>;
interface Vectors {
  readonly platform: Vector;
  readonly realm: Vector;
}

/** What the crate gives for a token that its stores know: appraise_platform, appraise_realm of its evidence.rs. */
const GOOD: Vectors = {
  platform: { 'instance-identity': 2, hardware: 2, executables: 3, configuration: 2, 'runtime-opaque': 32 },
  realm: { 'instance-identity': 2, executables: 2 },
};
const NOTHING = 0;

/** The claims of a vector that say anything. */
const said = (vector: Vector = {}): Vector =>
  Object.fromEntries(Object.entries(vector).filter(([, value]) => value !== NOTHING));

const CLAIMS = 8;
const PARTS = ['platform', 'realm'] as const;

/** Whether vectors are as expected, as far as something is; `all` stands for every claim. */
const fits = (found: Vectors | undefined, expected: ExpectedOutcome | undefined): boolean =>
  PARTS.every((part) =>
    Object.entries(expected?.[part] ?? {}).every(([name, value]) => {
      const vector = found?.[part] ?? {};
      if (name !== 'all') return (vector[name.replaceAll('_', '-')] ?? NOTHING) === value;
      const values = Object.values(vector);
      return value === NOTHING
        ? values.length === 0
        : values.length === CLAIMS && values.every((each) => each === value);
    }),
  );

const ids = Object.keys(BAD_FORMS) as BadFormId[];
/** The wrong forms that reach these stores: those of which something is expected there. */
const inStores = ids.filter((id) => 'ccatoken' in BAD_FORMS[id]);

const endorsed = (...args: readonly string[]): string => {
  const directory = join(scratch(), 'endorsements');
  const { status, stderr } = swcca('endorse', '--out', directory, ...args);
  if (status !== 0) throw new Error(stderr);
  return directory;
};

const storesIn = (directory: string) => ({
  tastore: join(directory, 'ccatoken/ta.json'),
  rvstore: join(directory, 'ccatoken/rv.json'),
});

describe(titles.rustCcatoken, () => {
  const made = (...args: readonly string[]) => attest('--dialect', 'rmm-1.0-legacy', ...args);
  const ask = async (command: readonly string[], requests: readonly object[]): Promise<readonly Vectors[]> => {
    const verdicts = await askAll([...command, 'stores'], requests);
    return verdicts.map((verdict) => {
      if (!verdict.accepted) throw new Error(JSON.stringify(verdict));
      const { platform, realm } = verdict.vectors as Vectors;
      return { platform: said(platform), realm: said(realm) };
    });
  };

  test.for(['sha-256', 'sha-512'])(
    'with our stores knows a token whose Realm measures by %s',
    async (hash, context) => {
      const { command } = needs(context, rustCcatoken);
      const { directory, original } = made('--hash', hash, '--extend', '1=aa55');
      const stores = storesIn(join(directory, 'endorsements'));
      expect(await ask(command, [{ token: original.token, ...stores }])).toEqual([GOOD]);
    },
  );

  test('with stores that are wrong says what is documented of each', async (context) => {
    const { command } = needs(context, rustCcatoken);
    const { directory, original } = made();
    const requests = inStores.map((id) => ({
      token: original.token,
      ...storesIn(endorsed(directory, '--bad', id)),
    }));
    const vectors = await ask(command, requests);
    const wrong = inStores.flatMap((id, i) => {
      const { ccatoken }: BadForm = BAD_FORMS[id];
      return fits(vectors[i], ccatoken) ? [] : [{ id, expected: ccatoken, found: vectors[i] }];
    });
    context.task.meta.counted = `${inStores.length} forms`;
    expect(wrong).toEqual([]);
  });

  test('does not know the chip, the firmware or the Realm of others', async (context) => {
    const { command } = needs(context, rustCcatoken);
    const { original } = made();
    const others = [
      ['--seed', 'another chip'],
      ['--firmware', 'old-rmm-0.9'],
      ['--hash', 'sha-512'],
      ['--extend', '1=00'],
    ];
    const requests = others.map((options) => ({
      token: original.token,
      ...storesIn(join(made(...options).directory, 'endorsements')),
    }));
    expect(await ask(command, requests)).not.toContainEqual(GOOD);
  });
});
