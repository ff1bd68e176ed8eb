import { PLAN_DEFAULTS } from '../../host/index.ts';
import { UsageError } from '../exit.ts';
import { type ChallengeSource, parseChallenge } from '../options/challenge.ts';
import {
  bool,
  byIndex,
  count,
  group,
  hexText,
  listOf,
  misfit,
  oneKeyOf,
  oneOf,
  optional,
  placed,
  type Reader,
  record,
  required,
  size,
  text,
  u64,
} from '../yaml/read.ts';

const autoOr =
  <T>(reader: Reader<T>): Reader<T | 'auto'> =>
  (node, place) =>
    node.kind === 'scalar' && node.value === 'auto' ? 'auto' : reader(node, place);

/** What one entry of a stage 2 table maps at levels 3, 2 and 1. */
const BLOCKS: ReadonlyMap<bigint, string> = new Map([
  [1n << 12n, '4KiB'],
  [1n << 21n, '2MiB'],
  [1n << 30n, '1GiB'],
]);

const block: Reader<number> = (node, place) => {
  const bytes = size(node, place);
  if (!BLOCKS.has(bytes)) throw misfit(place, `takes auto, ${[...BLOCKS.values()].join(', ')}`);
  return Number(bytes);
};

const vectorLength: Reader<number> = (node, place) => {
  const bits = count(0, 2048)(node, place);
  if (bits % 128 !== 0) throw misfit(place, `takes a vector length in bits, a multiple of 128, not ${bits}`);
  return bits;
};

const { features, memory, tables } = PLAN_DEFAULTS;

const realmFeatures = record({
  sve_vl: optional(vectorLength, features.sveVl),
  num_bps: optional(count(1, 64), features.numBps),
  num_wps: optional(count(1, 64), features.numWps),
  pmu_ctrs: optional(count(0, 31), features.pmuCtrs),
  lpa2: optional(bool, features.lpa2),
});

const ripas = record({
  base: required(u64),
  size: required(size),
  block: optional(autoOr(block), 'auto' as const),
});

const load = record({
  file: required(placed(text)),
  at: required(placed(u64)),
  measured: optional(bool, true),
});

const rec = record({
  pc: optional(u64, undefined),
  gprs: optional(byIndex(7, u64), new Map<number, bigint>()),
  runnable: optional(bool, true),
});

/** What an explicit order is made of: `ripas`, `loads` and `recs` are all of a kind, `load: 1` is the one with that index. */
export interface OrderStep {
  readonly build: 'ripas' | 'load' | 'rec';
  readonly index: number | 'all';
}

const ALL_OF = { ripas: 'ripas', loads: 'load', recs: 'rec' } as const;

const orderStep: Reader<OrderStep> = (node, place) => {
  if (node.kind === 'scalar') return { build: ALL_OF[oneOf('ripas', 'loads', 'recs')(node, place)], index: 'all' };
  const index = count(0, 9999);
  const { key, value } = oneKeyOf({ ripas: index, load: index, rec: index })(node, place);
  return { build: key, index: value };
};

const orderSteps = listOf(placed(orderStep));

const order: Reader<'default' | ReturnType<typeof orderSteps>> = (node, place) =>
  node.kind === 'scalar' ? oneOf('default')(node, place) : orderSteps(node, place);

const challenge: Reader<ChallengeSource> = (node, place) => {
  const given = text(node, place);
  try {
    return parseChallenge(given);
  } catch (error) {
    if (error instanceof UsageError) throw misfit(place, error.message);
    throw error;
  }
};

const extend = record({
  rem: required(count(1, 4)),
  file: optional(placed(text), undefined),
  hex: optional(hexText(1, 64), undefined),
});

const attest = record({ challenge: optional(placed(challenge), undefined) });

const guestStep = oneKeyOf({
  extend: placed(extend),
  // `- attest:` with nothing after it asks with a challenge that whoever runs the guest draws.
  attest: (node, place) => {
    const nothing = node.kind === 'scalar' && node.value === undefined;
    return attest(nothing ? { kind: 'map', line: node.line, entries: new Map() } : node, place);
  },
});

const realm = record({
  hash: optional(oneOf('sha-256', 'sha-512'), PLAN_DEFAULTS.hash),
  ipa_width: optional(count(32, 52), PLAN_DEFAULTS.ipaWidth),
  rpv: optional(hexText(0, 64), new Uint8Array()),
  features: group(realmFeatures),
  memory: group(placed(record({ base: optional(u64, memory.base), size: optional(size, memory.size) }))),
  ripas: optional(listOf(placed(ripas)), undefined),
  tables: group(
    record({
      start_level: optional(autoOr(count(-1, 3)), tables.startLevel),
      vmid: optional(count(0, 0xffff), tables.vmid),
    }),
  ),
  load: optional(listOf(load), []),
  recs: optional(listOf(rec), undefined),
  order: optional(placed(order), { value: 'default' as const, place: undefined }),
});

/** The Realm file, key by key: what it may say, and what holds where it says nothing. */
export const realmFile = record({
  realm: required(realm),
  guest: optional(listOf(guestStep), []),
});
export type RealmFileContent = ReturnType<typeof realmFile>;
