import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Decoder } from 'cbor-x';
import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { BAD_FORMS, type BadForm, type BadFormId, CORIM_PROFILES, endorsementFiles } from '../../src/endorse/index.ts';
import { signer, subject } from '../endorse/support/subject.ts';
import { interop, needs } from './support/context.ts';
import { askAll } from './support/peer.ts';
import { scratch, swcca } from './support/swcca.ts';

const { goCorim, goVeraison, titles } = interop;

/** What a reader of CoRIM answers: the CoMIDs as it writes them again, in hexadecimal. */
interface Read {
  readonly profile?: string;
  readonly comids: readonly string[];
}

const endorsed = (...args: readonly string[]): string => {
  const directory = join(scratch(), 'endorsements');
  const { status, stderr } = swcca('endorse', '--out', directory, ...args);
  if (status !== 0) throw new Error(stderr);
  return directory;
};

const readers = [
  { title: titles.goCorimNext, participant: goVeraison, args: ['corim'], profile: '2025-text' },
  { title: titles.goCorim, participant: goCorim, args: [], profile: 'ssd-1' },
] as const;

for (const { title, participant, args, profile } of readers) {
  describe(title, () => {
    const reader = (context: Parameters<typeof needs>[0]) => [...needs(context, participant).command, ...args];
    const names = CORIM_PROFILES[profile];
    const content = {
      platform: ['comid-platform-refval.cbor', 'comid-platform-ta.cbor'],
      realm: ['comid-realm-refval.cbor'],
    } as const;

    test.for(['platform', 'realm'] as const)(
      `reads the CoRIM of a %s in profile ${profile}, and writes the same bytes again`,
      async (kind, context) => {
        const command = reader(context);
        const root = endorsed('--hash', 'sha-512', '--extend', '2=aa55');
        const at = (file: string): string => join(root, `corim-${profile}`, file);
        const comids = content[kind].map((file) => readFileSync(at(file)).toString('hex'));
        const signed = { corim: at(`${kind}.signed.cbor`), signer: join(root, 'corim-signer.pem') };
        const verdicts = await askAll<Read>(command, [
          { corim: at(`${kind}.cbor`) },
          signed,
          { ...signed, signer: join(root, 'cpak.pem') },
        ]);
        const good = { accepted: true, read: { profile: names[kind], comids } };
        expect(verdicts).toEqual([good, good, { accepted: false, stage: 'verify', error: 'verification error' }]);
      },
    );
  });
}

describe(titles.goCorimNext, () => {
  const ids = Object.keys(BAD_FORMS) as BadFormId[];

  test('refuses each wrong form that is wrong for a reader, with the words that are documented, and reads the others', async (context) => {
    const { command } = needs(context, goVeraison);
    const directory = scratch();
    const requests = ids.map((id) => {
      const bad: BadForm = BAD_FORMS[id];
      const files = endorsementFiles(nodeCrypto, subject, { signer, mark: 'simulated', bad });
      const file = files.find(({ path }) => path === `corim-2025-text/${bad.file}.cbor`);
      if (file === undefined) throw new Error(`${id}: there is no CoRIM`);
      const corim = join(directory, id, file.path);
      mkdirSync(dirname(corim), { recursive: true });
      writeFileSync(corim, file.data);
      return { corim };
    });
    const verdicts = await askAll<Read>([...command, 'corim'], requests);
    const wrong = ids.flatMap((id, i) => {
      const { error }: BadForm = BAD_FORMS[id];
      const verdict = verdicts[i];
      const asDocumented = error === undefined ? verdict?.accepted : verdict?.error?.includes(error);
      return asDocumented && verdict?.panic !== true ? [] : [{ id, error, verdict }];
    });
    const refused = verdicts.filter(({ accepted }) => !accepted).length;
    context.task.meta.counted = `${ids.length} forms, ${refused} of them refused`;
    expect(wrong).toEqual([]);
    expect(refused).toBe(ids.filter((id) => 'error' in BAD_FORMS[id]).length);
  });

  test('does not know the profile under the tag of a URI, as later commits have it', async (context) => {
    const { command } = needs(context, goVeraison);
    const [verdict] = await askAll([...command, 'corim'], [{ corim: join(endorsed(), 'corim-2025/platform.cbor') }]);
    expect(verdict).toMatchObject({ accepted: false, stage: 'decode' });
    expect(verdict?.error).toContain('unexpected type for profile: cbor.Tag');
  });
});

describe(titles.goCorim, () => {
  const TRIPLES = 4;
  const decoder = new Decoder({ mapsAsObjects: false, useRecords: false });
  const triples = (hex: string): unknown =>
    (decoder.decode(Buffer.from(hex, 'hex')) as ReadonlyMap<number, unknown>).get(TRIPLES);

  test.for(['platform-refval', 'platform-ta', 'realm-refval'])(
    'makes of the template comid-%s.json the triples that we write',
    async (name, context) => {
      const { command } = needs(context, goCorim);
      const at = (file: string): string => join(root, 'corim-ssd-1', file);
      const root = endorsed('--hash', 'sha-512', '--extend', '2=aa55');
      const [verdict] = await askAll<Read>(command, [{ template: at(`templates/comid-${name}.json`) }]);
      expect(verdict).toMatchObject({ accepted: true });
      const [theirs = ''] = verdict?.read?.comids ?? [];
      expect(triples(theirs)).toEqual(triples(toHex(readFileSync(at(`comid-${name}.cbor`)))));
    },
  );
});
