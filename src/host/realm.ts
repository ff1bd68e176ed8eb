import {
  GRANULE,
  RMI_DATA_FLAG,
  RMI_HASH_ALGORITHM,
  RMI_REALM_FLAG,
  RMI_REC_FLAG,
  RmiRealmParams,
  RmiRecParams,
  RTT_PAGE_LEVEL,
  recMpidr,
} from '../abi/index.ts';
import { hexNumber } from '../bytes/index.ts';
import type { Platform } from '../platform/index.ts';
import { HASH_NAME, levelSize, rttConfigIsValid, startLevelTables } from '../rmm/index.ts';
import { createGranules, type Granules } from './granules.ts';
import { type HostRealm, type HostRec, hostRealm, type PageWatcher } from './host-realm.ts';
import type { BuildStep, LoadPlan, RealmPlan, RecPlan, RipasPlan } from './plan.ts';
import { callRmi, HostError } from './rmi.ts';
import { createTables, type Tables } from './tables.ts';

export interface LaunchOptions {
  /** Told of bytes loaded so far, and of how many there will be. */
  readonly onProgress?: (loaded: number, total: number) => void;
  /** The Host's account of memory, where several Realms share one machine. */
  readonly granules?: Granules;
  readonly pages?: PageWatcher;
}

/** Builds a Realm as its plan says and activates it. @throws {HostError} when the RMM refuses a step. */
export const launchRealm = (platform: Platform, plan: RealmPlan, options: LaunchOptions = {}): HostRealm => {
  const granules = options.granules ?? createGranules(platform);
  const total = plan.loads.reduce((sum, { size }) => sum + size, 0);
  let loaded = 0;

  const startLevel = startLevelOf(plan, platform.config.machine.pa_width);
  const tableCount = startLevelTables(plan.ipaWidth, startLevel);
  if (!rttConfigIsValid(plan.ipaWidth, plan.features.lpa2, startLevel, tableCount)) {
    throw new HostError(
      'PLAN_IMPOSSIBLE',
      `tables cannot start at level ${startLevel} with an IPA width of ${plan.ipaWidth}`,
    );
  }
  const page = granules.allocate();
  const rd = granules.delegate();
  const rttBase = granules.delegate(tableCount, tableCount);
  platform.write(page, realmParams(plan, startLevel, tableCount, rttBase));
  callRmi(platform, 'REALM_CREATE', rd, page);
  const tables = createTables(platform, granules, rd, startLevel);
  const recs: HostRec[] = [];
  const memory = { data: new Map<bigint, bigint>(), taken: new Set<bigint>() };
  const parts = { plan, rd, rttBase, tableCount, page, recs, tables, granules, ...memory };
  const realm = hostRealm(platform, parts, options.pages);

  const load = ({ at, measured, size, read }: LoadPlan): void => {
    const flags = measured ? RMI_DATA_FLAG.measure : 0n;
    for (let offset = 0; offset < size; offset += PIECE) {
      const piece = read(offset, Math.min(PIECE, size - offset));
      for (let from = 0; from < piece.length; from += PAGE) {
        const part = piece.subarray(from, from + PAGE);
        // The last page of a load is filled with zeros.
        platform.write(page, part.length === PAGE ? part : padded(part));
        const ipa = at + BigInt(offset + from);
        realm.map(ipa, 'loaded', (pa) => callRmi(platform, 'DATA_CREATE', rd, pa, ipa, page, flags));
      }
      loaded += piece.length;
      options.onProgress?.(loaded, total);
    }
  };

  const steps: Readonly<Record<BuildStep['build'], (index: number) => void>> = {
    ripas: (index) => initRipas(platform, tables, rd, startLevel, entry(plan.ripas, index)),
    load: (index) => load(entry(plan.loads, index)),
    rec: (index) => {
      recs.push(createRec(platform, granules, rd, page, recs.length, entry(plan.recs, index)));
    },
  };
  for (const { build, index } of plan.order) steps[build](index);
  callRmi(platform, 'REALM_ACTIVATE', rd);

  return realm;
};

const PAGE = Number(GRANULE);
/** Bytes of a load that are read at a time. */
const PIECE = 256 * PAGE;

const padded = (part: Uint8Array): Uint8Array => {
  const out = new Uint8Array(PAGE);
  out.set(part);
  return out;
};

const entry = <T>(list: readonly T[], index: number): T => {
  const value = list[index];
  if (value === undefined)
    throw new HostError('PLAN_IMPOSSIBLE', `the order of the plan names step ${index} of ${list.length}`);
  return value;
};

/** The level from which one table reaches the whole IPA space: no measurement depends on it. */
const startLevelOf = ({ tables, ipaWidth }: RealmPlan, paWidth: number): number => {
  if (tables.startLevel !== 'auto') return tables.startLevel;
  if (ipaWidth > 48) return -1;
  // Without 44 bits of physical address no walk starts at level 0: tables of level 1 are concatenated then.
  return ipaWidth > 39 && paWidth >= 44 ? 0 : 1;
};

const realmParams = (plan: RealmPlan, startLevel: number, tableCount: number, rttBase: bigint): Uint8Array => {
  const { features } = plan;
  const flags =
    (features.lpa2 ? RMI_REALM_FLAG.lpa2 : 0n) |
    (features.sveVl > 0 ? RMI_REALM_FLAG.sve : 0n) |
    (features.pmuCtrs > 0 ? RMI_REALM_FLAG.pmu : 0n);
  const hash = plan.hash === HASH_NAME.SHA_512 ? RMI_HASH_ALGORITHM.SHA_512 : RMI_HASH_ALGORITHM.SHA_256;
  return RmiRealmParams.encode({
    flags,
    s2sz: plan.ipaWidth,
    // Counts are encoded minus one, and so is the vector length in units of 128 bits.
    sve_vl: features.sveVl > 0 ? features.sveVl / 128 - 1 : 0,
    num_bps: features.numBps - 1,
    num_wps: features.numWps - 1,
    pmu_num_ctrs: features.pmuCtrs,
    hash_algo: hash,
    rpv: plan.rpv,
    vmid: plan.tables.vmid,
    rtt_base: rttBase,
    rtt_level_start: BigInt(startLevel),
    rtt_num_start: tableCount,
  });
};

/** Levels whose entries RMI_RTT_INIT_RIPAS may set at once, largest first. */
const BLOCK_LEVELS = [1, 2, 3] as const;

const blockLevel = (base: bigint, top: bigint, block: RipasPlan['block'], startLevel: number): number => {
  if (block !== 'auto') {
    const level = BLOCK_LEVELS.find((candidate) => levelSize(candidate) === BigInt(block));
    if (level === undefined) throw new HostError('PLAN_IMPOSSIBLE', `${block} bytes is no size of an RTT entry`);
    return level;
  }
  const fits = (level: number): boolean =>
    level >= startLevel && base % levelSize(level) === 0n && base + levelSize(level) <= top;
  return BLOCK_LEVELS.find(fits) ?? RTT_PAGE_LEVEL;
};

const initRipas = (platform: Platform, tables: Tables, rd: bigint, startLevel: number, plan: RipasPlan): void => {
  const end = plan.base + plan.size;
  for (let base = plan.base; base < end; ) {
    const level = blockLevel(base, end, plan.block, startLevel);
    tables.ensure(base, level);
    // One call covers the entries of one size that one table holds; the RMM says how far it came.
    const size = levelSize(level);
    let top = base + size;
    const tableTop = base - (base % levelSize(level - 1)) + levelSize(level - 1);
    while (top < tableTop && top + size <= end && blockLevel(top, end, plan.block, startLevel) === level) top += size;
    const limit = top > end ? end : top;
    const [, out_top = base] = callRmi(platform, 'RTT_INIT_RIPAS', rd, base, limit);
    if (out_top <= base) throw new HostError('PLAN_IMPOSSIBLE', `no RIPAS could be set at ${hexNumber(base)}`);
    base = out_top;
  }
};

const createRec = (
  platform: Platform,
  granules: Granules,
  rd: bigint,
  page: bigint,
  index: number,
  { pc, gprs, runnable }: RecPlan,
): HostRec => {
  const [, count = 0n] = callRmi(platform, 'REC_AUX_COUNT', rd);
  const rec = granules.delegate();
  const aux = Array.from({ length: Number(count) }, () => granules.delegate());
  const flags = runnable ? RMI_REC_FLAG.runnable : 0n;
  platform.write(page, RmiRecParams.encode({ flags, mpidr: recMpidr(index), pc, gprs, num_aux: count, aux }));
  callRmi(platform, 'REC_CREATE', rd, rec, page);
  return { rec, aux, run_ptr: granules.allocate() };
};
