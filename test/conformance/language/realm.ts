import {
  GRANULE,
  RMI_DATA_FLAG,
  RMI_HASH_ALGORITHM,
  RMI_REC_FLAG,
  RmiRealmParams,
  RmiRecParams,
  RTT_PAGE_LEVEL,
  recMpidr,
} from '../../../src/abi/index.ts';
import { levelSize, startLevelTables } from '../../../src/rmm/index.ts';
import type { World } from './world.ts';

/** A Realm as a row asks for it. */
export interface WorldRealmShape {
  readonly s2sz: number;
  readonly start: number;
  readonly flags: bigint;
  readonly hash: keyof typeof RMI_HASH_ALGORITHM;
  readonly rpv: Uint8Array;
  readonly vmid: number;
}

/** s2sz 40, starting level 0 with one table, SHA-256, nothing optional. */
export const BASELINE: Omit<WorldRealmShape, 'vmid'> = {
  s2sz: 40,
  start: 0,
  flags: 0n,
  hash: 'SHA_256',
  rpv: new Uint8Array(64),
};

/** A REC, with the page in which its Host talks to it. */
export interface WorldRec {
  readonly rec: bigint;
  readonly aux: readonly bigint[];
  readonly run_ptr: bigint;
  readonly index: number;
}

/** What RMI_REC_CREATE is given, apart from what the Realm decides. */
export interface WorldRecShape {
  readonly runnable: boolean;
  readonly pc: bigint;
  readonly gprs: readonly bigint[];
}

/** Attributes of a mapping at an Unprotected IPA: Normal memory, write-back, read and write. */
export const NS_ATTR = (0b110n << 2n) | (0b11n << 6n);

/** A Realm that a row made, and what it made for it. Everything goes through RMI commands. */
export class WorldRealm {
  readonly rd: bigint;
  readonly params: RmiRealmParams;
  readonly recs: WorldRec[] = [];
  readonly #world: World;
  readonly #tables = new Map<string, bigint>();

  /** A Realm that exists already. */
  constructor(world: World, rd: bigint, params: RmiRealmParams) {
    this.#world = world;
    this.rd = rd;
    this.params = params;
  }

  static create(world: World, shape: Partial<WorldRealmShape> & Pick<WorldRealmShape, 'vmid'>): WorldRealm {
    const whole = { ...BASELINE, ...shape };
    const tables = startLevelTables(whole.s2sz, whole.start);
    const rd = world.delegated();
    const params = realmParams(whole, world.delegated(tables, tables));
    world.must('RMI_REALM_CREATE', rd, world.pageWith(RmiRealmParams.encode(params)));
    return new WorldRealm(world, rd, params);
  }

  get rttBase(): bigint {
    return this.params.rtt_base;
  }

  get #start(): number {
    return Number(this.params.rtt_level_start);
  }

  /** Makes the walk to `ipa` reach `level`. @returns the PA of the table of that level. */
  ensure(ipa: bigint, level = RTT_PAGE_LEVEL): bigint {
    let table = this.rttBase;
    for (let next = this.#start + 1; next <= level; next += 1) {
      const base = ipa - (ipa % levelSize(next - 1));
      const key = `${next}/${base}`;
      const known = this.#tables.get(key);
      table = known ?? this.#world.delegated();
      if (known !== undefined) continue;
      this.#world.must('RMI_RTT_CREATE', this.rd, table, base, next);
      this.#tables.set(key, table);
    }
    return table;
  }

  /** Forgets a table that the row destroyed or folded. */
  forget(ipa: bigint, level: number): void {
    this.#tables.delete(`${level}/${ipa - (ipa % levelSize(level - 1))}`);
  }

  /** A measured DATA granule with these contents: the Realm is NEW. @returns its PA. */
  data(ipa: bigint, contents: Uint8Array = new Uint8Array()): bigint {
    this.ensure(ipa);
    const data = this.#world.delegated();
    this.#world.must('RMI_DATA_CREATE', this.rd, data, ipa, this.#world.pageWith(contents), RMI_DATA_FLAG.measure);
    return data;
  }

  /** A DATA granule with unknown contents; the RIPAS stays as it is. @returns its PA. */
  unknown(ipa: bigint): bigint {
    this.ensure(ipa);
    const data = this.#world.delegated();
    this.#world.must('RMI_DATA_CREATE_UNKNOWN', this.rd, data, ipa);
    return data;
  }

  /** Makes a range RAM, page by page: the Realm is NEW. */
  ram(base: bigint, top: bigint = base + GRANULE, level = RTT_PAGE_LEVEL): void {
    this.ensure(base, level);
    this.#world.must('RMI_RTT_INIT_RIPAS', this.rd, base, top);
  }

  /** Maps memory of the Normal world. @returns its PA. */
  mapNs(ipa: bigint, level = RTT_PAGE_LEVEL, attr = NS_ATTR): bigint {
    this.ensure(ipa, level);
    const pages = Number(levelSize(level) / GRANULE);
    const pa = this.#world.page(pages, pages);
    this.#world.must('RMI_RTT_MAP_UNPROTECTED', this.rd, ipa, level, pa | attr);
    return pa;
  }

  /** A level 3 table full of DATA granules, contiguous and aligned, so that it folds. @returns the PA of the first. */
  block(ipa: bigint): bigint {
    this.ensure(ipa);
    const first = this.#world.delegated(512, 512);
    for (let i = 0n; i < 512n; i += 1n) {
      this.#world.must('RMI_DATA_CREATE_UNKNOWN', this.rd, first + i * GRANULE, ipa + i * GRANULE);
    }
    return first;
  }

  fold(ipa: bigint, level: number): bigint {
    const [, rtt = 0n] = this.#world.must('RMI_RTT_FOLD', this.rd, ipa, level);
    this.forget(ipa, level);
    return rtt;
  }

  rec(shape: Partial<WorldRecShape> = {}): WorldRec {
    const index = this.recs.length;
    const [, count = 0n] = this.#world.must('RMI_REC_AUX_COUNT', this.rd);
    const aux = Array.from({ length: Number(count) }, () => this.#world.delegated());
    const rec = this.#world.delegated();
    const params = this.#world.pageWith(RmiRecParams.encode(recParams(index, aux, shape)));
    this.#world.must('RMI_REC_CREATE', this.rd, rec, params);
    const made = { rec, aux, run_ptr: this.#world.page(), index };
    this.recs.push(made);
    return made;
  }

  activate(): this {
    this.#world.must('RMI_REALM_ACTIVATE', this.rd);
    return this;
  }

  /** Makes a REC, activates the Realm and lets it run on PE 0. */
  start(shape: Partial<WorldRecShape> = {}): WorldRec {
    const rec = this.rec(shape);
    this.activate();
    this.#world.run(rec);
    return rec;
  }

  /** Turns an ACTIVE Realm off, by a call of one of its RECs. */
  turnOff(rec: WorldRec, pe = 0): void {
    this.#world.run(rec, {}, pe);
    this.#world.leaveOn(pe, 'PSCI_SYSTEM_OFF');
  }
}

export const realmParams = (shape: WorldRealmShape, rtt_base: bigint): RmiRealmParams => ({
  flags: shape.flags,
  s2sz: shape.s2sz,
  sve_vl: 0,
  num_bps: 1,
  num_wps: 1,
  pmu_num_ctrs: 0,
  hash_algo: RMI_HASH_ALGORITHM[shape.hash],
  rpv: shape.rpv,
  vmid: shape.vmid,
  rtt_base,
  rtt_level_start: BigInt(shape.start),
  rtt_num_start: startLevelTables(shape.s2sz, shape.start),
});

export const recParams = (
  index: number,
  aux: readonly bigint[],
  { runnable = true, pc = 0n, gprs = [] }: Partial<WorldRecShape> = {},
): Partial<RmiRecParams> => ({
  flags: runnable ? RMI_REC_FLAG.runnable : 0n,
  mpidr: recMpidr(index),
  pc,
  gprs,
  num_aux: BigInt(aux.length),
  aux,
});
