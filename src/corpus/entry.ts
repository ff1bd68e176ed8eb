import { toHex } from '../bytes/index.ts';
import {
  type Applicable,
  type EditRecord,
  type Gain,
  type Group,
  type KeyFile,
  type Mutation,
  type Need,
  type Prepared,
  type RandomMutation,
  type ReferenceName,
  RULES,
  type Verdict,
} from '../mutate/index.ts';
import type { Planned } from './plan.ts';

export const TOKEN_FORMAT = 'swcca/corpus-token/v1';

/** Where a token comes from: out of the machine as it is, or changed afterwards. */
export type Origin = 'rsi' | 'edited';

/** What `swcca verify` answers where the documents leave it open. */
export type Decision = 'accepted' | 'warned' | 'refused';

/** What stands beside a token (docs/schemas/corpus-token.schema.json). */
export interface Description {
  readonly format: typeof TOKEN_FORMAT;
  readonly id: string;
  readonly group: Group;
  readonly change: string;
  readonly verdict: Verdict;
  /** What a verifier gains that accepts it, where it must not. */
  readonly gain?: Gain;
  readonly rule?: { readonly document: string; readonly section: string; readonly says: string };
  /** Codes that `swcca verify` reports. */
  readonly findings?: readonly string[];
  readonly decision?: Decision;
  /** What its verifier has to be given besides token and key, to tell. */
  readonly needs: readonly Need[];
  /** Names of files: keys have several endings, reference values one. */
  readonly given: { readonly key: string; readonly reference: string; readonly media_type?: string };
  /** The nonce that the relying party asked for, in hexadecimal. */
  readonly challenge: string;
  readonly edits: readonly EditRecord[];
  readonly dialect: string;
  readonly origin: Origin;
  readonly bytes: number;
  readonly sha256: string;
}

/** Names of key files without their ending. */
export const KEY_NAMES = {
  cpak: 'cpak',
  'p-256': 'cpak-p256',
  'p-521': 'cpak-p521',
  'two-keys': 'cpak-second-of-two',
  'jwk-es256': 'cpak-for-es256',
} as const satisfies Record<KeyFile, string>;

export const referenceFile = (name: ReferenceName): string =>
  name === 'base' ? 'reference-values.json' : `reference-values.${name}.json`;

const decisionOf = ({ finds = [], refused }: Mutation): Decision =>
  refused === true ? 'refused' : finds.length > 0 ? 'warned' : 'accepted';

const ofCatalogue = (mutation: Mutation) => {
  const { group, change, verdict, gain, rule, finds = [], needs = [] } = mutation;
  return {
    group,
    change,
    verdict,
    ...(gain === undefined ? {} : { gain }),
    rule: RULES[rule],
    findings: finds,
    ...(verdict === 'policy' ? { decision: decisionOf(mutation) } : {}),
    needs,
  };
};

const ofRandom = ({ group, verdict, steps }: RandomMutation) => ({
  group,
  change: steps.map(({ kind }) => kind).join(', '),
  verdict,
  // What a random mutation breaks is mostly form; nobody has looked at what else it gives away.
  ...(verdict === 'must-reject' ? { gain: 'form' as const } : {}),
  needs: [],
});

/** Says everything that is known of a token. */
export const describe = (
  planned: Planned,
  mutation: Applicable | RandomMutation,
  { edits, given, dialect }: Pick<Prepared, 'edits' | 'given' | 'dialect'>,
  origin: Origin,
  sha256: string,
  bytes: number,
): Description => ({
  format: TOKEN_FORMAT,
  id: planned.id,
  ...(planned.kind === 'random' ? ofRandom(mutation as RandomMutation) : ofCatalogue(planned.mutation)),
  given: {
    key: KEY_NAMES[given.key],
    reference: referenceFile(given.reference),
    ...(given.mediaType === undefined ? {} : { media_type: given.mediaType }),
  },
  challenge: toHex(given.challenge),
  edits,
  dialect: dialect.name,
  origin,
  bytes,
  sha256,
});
