import { GRANULE, RMI_REC_FLAG, RmiRealmParams, RmiRecParams, RTT_PAGE_LEVEL, recMpidr } from '../abi/index.ts';
import { callRmi, HostError } from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import { levelSize, startLevelTables } from '../rmm/index.ts';
import type { Field } from './ast.ts';
import { countOf, type Surroundings, type Value } from './evaluate.ts';
import { structureValues } from './fields.ts';
import { impossible, type Place } from './problem.ts';

/** A Realm that `realm NAME { … }` asks for. */
export interface GivenRealm {
  readonly name: string;
  readonly fields: readonly Field[];
}

/** The Realm that ACS rows start from: 40 bits, one table of level 0, SHA-256. */
const DEFAULTS = { s2sz: 40, num_bps: 1, num_wps: 1, hash_algo: 0 } as const;

/** Without a level: the one from which a single table reaches the whole IPA space. */
const startLevelFor = (ipaWidth: number): number => (ipaWidth > 48 ? -1 : ipaWidth > 39 ? 0 : 1);

const MAX_RECS = 1023;
/** DATA granules that one table of level 3 maps. */
const MAX_PAGES = 512;

/** Takes the settings of `realm` apart: what RmiRealmParams holds, and how much is built. */
const planOf = ({ fields }: GivenRealm, around: Surroundings) => {
  const extra = (name: string): Field | undefined => fields.find(({ member }) => member.name === name);
  const count = (name: string, standard: number, max: number): number => {
    const field = extra(name);
    return field === undefined ? standard : countOf(field.value, around, max, name);
  };
  const state = extra('state')?.value;
  const stateName = state === undefined ? 'ACTIVE' : state.kind === 'word' ? state.word : '';
  if (state !== undefined && stateName !== 'ACTIVE' && stateName !== 'NEW') {
    throw impossible(state, 'state is ACTIVE or NEW');
  }
  const params = fields.filter(({ member }) => Object.hasOwn(RmiRealmParams.members, member.name));
  return {
    recs: count('recs', 1, MAX_RECS),
    pages: count('pages', 1, MAX_PAGES),
    isActive: stateName === 'ACTIVE',
    params: structureValues(RmiRealmParams as never, params, around) as Partial<RmiRealmParams>,
  };
};

/**
 * Builds a Realm by the calls that a Host makes, and gives the addresses of all that it is made of, by their names.
 *
 * @throws {ScriptError} IMPOSSIBLE, when the RMM refuses a call, or there is no memory left.
 */
export const buildRealm = (
  platform: Platform,
  pe: number,
  place: Place,
  given: GivenRealm,
  around: Surroundings,
  vmid: number,
): ReadonlyMap<string, Value> => {
  const names = new Map<string, Value>();
  const { recs, pages, isActive, params } = planOf(given, around);
  const call = (command: string, ...args: readonly bigint[]) => callRmi(platform, command, ...args);
  if (pe !== 0) throw impossible(place, 'a Realm is built on PE 0: write pe 0 before it');
  const delegated = (count = 1): bigint => {
    const pa = around.granules(count);
    for (let i = 0; i < count; i += 1) call('GRANULE_DELEGATE', pa + BigInt(i) * GRANULE);
    return pa;
  };
  const keep = (name: string, value: bigint): bigint => {
    names.set(`${given.name}.${name}`, value);
    return value;
  };

  try {
    const s2sz = params.s2sz ?? DEFAULTS.s2sz;
    const startLevel = params.rtt_level_start ?? BigInt(startLevelFor(s2sz));
    const tables = params.rtt_num_start ?? startLevelTables(s2sz, Number(startLevel));
    const page = keep('page', around.granules(1));
    const rd = keep('rd', delegated());
    const rtt_base = params.rtt_base ?? delegated(Math.max(1, Math.min(tables, 16)));
    keep(`rtt${startLevel}`, rtt_base);
    const all = { ...DEFAULTS, vmid, ...params, rtt_base, rtt_level_start: startLevel, rtt_num_start: tables };
    platform.write(page, RmiRealmParams.encode(all));
    call('REALM_CREATE', rd, page);

    if (pages > 0) {
      for (let level = Number(startLevel) + 1; level <= RTT_PAGE_LEVEL; level += 1) {
        call('RTT_CREATE', rd, keep(`rtt${level}`, delegated()), 0n, BigInt(level));
      }
      for (let base = 0n; base < BigInt(pages) * GRANULE; ) {
        const [, top = 0n] = call('RTT_INIT_RIPAS', rd, base, BigInt(pages) * GRANULE);
        base = top > base ? top : base + levelSize(RTT_PAGE_LEVEL);
      }
      platform.write(page, new Uint8Array(Number(GRANULE)));
      for (let i = 0; i < pages; i += 1) {
        call('DATA_CREATE', rd, keep(`data${i}`, delegated()), BigInt(i) * GRANULE, page, 0n);
      }
    }
    for (let i = 0; i < recs; i += 1) {
      const [, num_aux = 0n] = call('REC_AUX_COUNT', rd);
      const rec = keep(`rec${i}`, delegated());
      const aux = Array.from({ length: Number(num_aux) }, () => delegated());
      platform.write(page, RmiRecParams.encode({ flags: RMI_REC_FLAG.runnable, mpidr: recMpidr(i), num_aux, aux }));
      call('REC_CREATE', rd, rec, page);
      keep(`run${i}`, around.granules(1));
    }
    if (isActive) call('REALM_ACTIVATE', rd);
  } catch (error) {
    if (error instanceof HostError) throw impossible(place, `this Realm cannot be built: ${error.message}`, error);
    throw error;
  }
  return names;
};
