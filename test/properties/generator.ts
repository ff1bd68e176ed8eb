import { PSCI_FID, RmiRealmParams, RmiRecEnter, RmiRecParams, RsiHostCall, recMpidr } from '../../src/abi/index.ts';
import { type Rec, RMM_1_0 } from '../../src/rmm/index.ts';
import { entrySize, leadsOf, type Observed, PES, type Place, placesOf } from './observe.ts';
import type { Random } from './random.ts';
import type { Scene } from './scenes.ts';
import type { Step } from './step.ts';

/**
 * What a Host and its Realms could do next, drawn by someone who sees the whole machine: most acts are sound, so that
 * sequences get deep; in the others one value is not what it should be.
 */
export interface Generator {
  /** The next acts: one command, after the writes that prepare it. */
  next(seen: Observed): readonly Step[];
}

const FID = Object.fromEntries(
  [...RMM_1_0.rmi, ...RMM_1_0.rsi].map(({ name, fid }) => [name, BigInt(fid)]),
) as Readonly<Record<string, bigint>>;
const fid = (name: string): bigint => FID[name]!;

/** Where tables can start (rmm-model 5.2): s2sz, starting level, number of starting tables, LPA2. */
const STARTS: readonly (readonly [s2sz: number, level: number, tables: number, lpa2: boolean])[] = [
  [32, 2, 4, false],
  [34, 2, 16, false],
  [32, 1, 1, false],
  [39, 1, 1, false],
  [40, 1, 2, false],
  [40, 0, 1, false],
  [44, 0, 1, false],
  [48, 0, 1, false],
  [50, 0, 4, true],
  [52, -1, 1, true],
];

const CHANGES_OF_MIND = 5;
const REGISTER = BigInt.asUintN;

export const createGenerator = (random: Random, { pool, platform }: Scene): Generator => {
  const { machine } = platform.config;
  const dramEnd = Number((machine.dram.at(-1)?.base ?? 0n) + (machine.dram.at(-1)?.size ?? 0n));

  /** Addresses that are wrong nearly everywhere. */
  const oddAddress = (near: bigint): bigint =>
    random.pick([
      near + 1n,
      near + 0x800n,
      near ^ 0x1000n,
      0n,
      machine.device[0]?.base ?? 0n,
      machine.secure[0]?.base ?? 0n,
      BigInt(dramEnd),
      BigInt(dramEnd) - 0x1000n,
      (1n << 48n) - 0x1000n,
      1n << 48n,
      (1n << 52n) - 0x1000n,
      1n << 52n,
      REGISTER(64, -0x1000n),
      REGISTER(64, -1n),
      BigInt(random.pick(pool)),
      random.word(),
    ]);
  const maybe = (percent: number, wrong: () => bigint, right: bigint): bigint =>
    random.chance(percent) ? REGISTER(64, wrong()) : right;
  const pa = (right: number | undefined): bigint => {
    const address = BigInt(right ?? random.pick(pool));
    return maybe(CHANGES_OF_MIND, () => oddAddress(address), address);
  };
  const level = (right: number): bigint => REGISTER(64, BigInt(random.chance(4) ? random.below(7) - 2 : right));
  const ipa = (right: number): bigint => {
    const address = BigInt(right);
    return maybe(
      CHANGES_OF_MIND,
      () => random.pick([address + 1n, address + 0x1000n, address ^ (1n << 39n), 1n << 47n, random.word(), -0x1000n]),
      address,
    );
  };

  /** What the machine offers at the moment, looked up once for each observation. */
  const lookAround = (seen: Observed) => {
    const by: Record<string, number[]> = {
      UNDELEGATED: [],
      DELEGATED: [],
      RD: [],
      REC: [],
      REC_AUX: [],
      DATA: [],
      RTT: [],
    };
    for (const address of pool) by[seen.granules.get(address) ?? 'UNDELEGATED']?.push(address);
    return {
      seen,
      by,
      realms: [...seen.realms],
      recs: [...seen.recs],
      places: [...seen.realms].flatMap(([rd, realm]) => placesOf(seen, rd, realm)),
    };
  };
  type Around = ReturnType<typeof lookAround>;
  let around: Around | undefined;

  const one = <T>(items: readonly T[] | undefined): T | undefined =>
    items === undefined || items.length === 0 ? undefined : random.pick(items);
  /** A DELEGATED granule, most likely one that the Realm can map. */
  const free = ({ by, seen }: Around, rd?: number): number | undefined => {
    const lpa2 = rd === undefined || seen.realms.get(rd)?.feat_lpa2 === true;
    return one(by['DELEGATED']?.filter((address) => lpa2 || address < 2 ** 48 || random.chance(4)));
  };
  const hostPage = ({ by }: Around): number => one(by['UNDELEGATED']) ?? random.pick(pool);

  const host = (name: string, ...args: readonly bigint[]): Step => ({ act: 'host', pe: 0, x: [fid(name), ...args] });

  /** Entries that other acts are likely to meet. */
  const INDICES = [0, 0, 1, 1, 2, 3, 255, 256, 510, 511];
  const entryAt = (place: Place): number => {
    const index = random.pick(INDICES);
    return place.base + entrySize(place.level) * (place.level === -1 ? index % 16 : index);
  };
  const isProtected = ({ seen }: Around, { rd }: Place, at: number): boolean =>
    at < 2 ** ((seen.realms.get(rd)?.ipa_width ?? 32) - 1);
  const placeWhere = (at: Around, holds: (place: Place) => boolean): Place | undefined =>
    one(at.places.filter(holds)) ?? one(at.places);

  // Commands of the Host.

  /** DELEGATED granules in a row, the first aligned to their number. */
  const run = ({ seen }: Around, count: number): number | undefined => {
    const fits = (first: number): boolean => {
      if (first % (count * 0x1000) !== 0) return false;
      for (let i = 0; i < count; i += 1) if (seen.granules.get(first + i * 0x1000) !== 'DELEGATED') return false;
      return true;
    };
    return one(pool.filter(fits));
  };

  const realmCreate = (at: Around): Step[] => {
    const fitting = STARTS.filter(
      ([s2sz, start, , lpa2]) =>
        s2sz <= machine.s2sz && (!lpa2 || machine.lpa2) && (start !== 0 || machine.pa_width >= 44),
    );
    const [s2sz, start, tables, lpa2] = random.pick(random.chance(95) ? fitting : STARTS);
    const rtt_base = run(at, tables);
    if (rtt_base === undefined) {
      // Make one: delegate what is missing in the first row that could be.
      const first = random.pick(pool.filter((address) => address % (tables * 0x1000) === 0));
      const missing = Array.from({ length: tables }, (_, i) => first + i * 0x1000).filter(
        (address) => at.seen.granules.get(address) === undefined,
      );
      if (missing.length > 0)
        return missing.slice(0, 4).map((address) => host('RMI_GRANULE_DELEGATE', BigInt(address)));
    }
    const page = pa(hostPage(at));
    const flags =
      (lpa2 ? 1n : 0n) |
      (machine.sve_vl !== undefined && random.chance(50) ? 2n : 0n) |
      (machine.pmu_num_ctrs !== undefined && random.chance(50) ? 4n : 0n);
    const wrong = random.chance(20) ? random.below(12) : -1;
    const params = RmiRealmParams.encode({
      flags: wrong === 0 ? random.word() : flags,
      s2sz: wrong === 1 ? random.below(256) : s2sz,
      sve_vl: wrong === 2 ? random.below(256) : (machine.sve_vl ?? 0),
      num_bps: wrong === 3 ? random.below(256) : machine.num_bps,
      num_wps: wrong === 4 ? random.below(256) : machine.num_wps,
      pmu_num_ctrs: wrong === 5 ? random.below(256) : (machine.pmu_num_ctrs ?? 0),
      hash_algo: wrong === 6 ? random.below(256) : machine.hash_sha_512 ? random.below(2) : 0,
      rpv: random.bytes(64),
      vmid: wrong === 7 ? random.bits() & 0xffff : random.below(12),
      rtt_base: wrong === 8 ? oddAddress(BigInt(rtt_base ?? 0)) : BigInt(rtt_base ?? random.pick(pool)),
      rtt_level_start: wrong === 9 ? BigInt.asIntN(64, random.word()) : BigInt(start),
      rtt_num_start: wrong === 10 ? random.bits() : wrong === 11 ? 0 : tables,
    });
    const taken = new Set(Array.from({ length: tables }, (_, i) => (rtt_base ?? 0) + i * 0x1000));
    const rd = one(at.by['DELEGATED']?.filter((address) => !taken.has(address) || random.chance(2)));
    return [{ act: 'write', pa: page, bytes: params }, host('RMI_REALM_CREATE', pa(rd), page)];
  };

  const recCreate = (at: Around): Step[] => {
    const [rd, realm] = one(at.realms.filter(([, { state }]) => state === 'REALM_NEW')) ?? one(at.realms) ?? [];
    const page = pa(hostPage(at));
    const spare = [...(at.by['DELEGATED'] ?? [])];
    const take = (): bigint => BigInt(spare.splice(random.below(spare.length), 1)[0] ?? random.pick(pool));
    const rec = take();
    const aux = Array.from({ length: machine.rec_aux_count }, take);
    const wrong = random.chance(15) ? random.below(5) : -1;
    if (wrong === 0 && aux.length > 0) aux[random.below(aux.length)] = random.pick([rec, aux[0]!, oddAddress(aux[0]!)]);
    const params = RmiRecParams.encode({
      flags: wrong === 1 ? random.word() : random.chance(75) ? 1n : 0n,
      mpidr: wrong === 2 ? random.word() : recMpidr(realm?.rec_index ?? 0),
      pc: random.word(),
      gprs: Array.from({ length: 8 }, () => random.word()),
      num_aux: wrong === 3 ? random.word() : BigInt(machine.rec_aux_count),
      aux,
    });
    const target = wrong === 4 ? oddAddress(rec) : rec;
    return [{ act: 'write', pa: page, bytes: params }, host('RMI_REC_CREATE', pa(rd), target, page)];
  };

  const enterFlags = (rec: Rec | undefined): bigint => {
    let flags = 0n;
    if (rec?.abort?.emulatable ? random.chance(70) : random.chance(3)) flags |= 1n;
    if (rec?.abort !== undefined ? random.chance(30) : random.chance(3)) flags |= 2n;
    if (random.chance(30)) flags |= 4n;
    if (random.chance(30)) flags |= 8n;
    if (random.chance(20)) flags |= 16n;
    return random.chance(2) ? random.word() : flags;
  };

  /** RECs that can be entered. */
  const ready = (at: Around): readonly (readonly [number, Rec])[] =>
    at.recs.filter(
      ([, { state, runnable, psci_pending, owner }]) =>
        state === 'REC_READY' &&
        runnable &&
        !psci_pending &&
        at.seen.realms.get(Number(owner))?.state === 'REALM_ACTIVE',
    );

  const recEnter = (at: Around): Step[] => {
    const [address, rec] = one(random.chance(95) ? ready(at) : at.recs) ?? one(at.recs) ?? [];
    const page = pa(hostPage(at));
    const lrs = Array.from({ length: 16 }, (_, i) => {
      if (!random.chance(5)) return 0n;
      return random.chance(70) ? (1n << 62n) | BigInt(32 + i) : random.word();
    });
    const enter = RmiRecEnter.encode({
      flags: enterFlags(rec),
      gprs: random.chance(60) ? Array.from({ length: 31 }, () => random.word()) : [],
      gicv3_hcr: random.chance(5) ? random.word() : random.word() & 0x40fen,
      gicv3_lrs: random.chance(20) ? lrs : [],
    });
    return [{ act: 'write', pa: page, bytes: enter }, host('RMI_REC_ENTER', pa(address), page)];
  };

  const rttCreate = (at: Around): Step[] => {
    const place = placeWhere(at, ({ level: l }) => l < 3);
    if (place === undefined) return [];
    return [host('RMI_RTT_CREATE', pa(place.rd), pa(free(at, place.rd)), ipa(entryAt(place)), level(place.level + 1))];
  };
  /** A table below a starting one, by the command that takes it away. */
  const rttRemove =
    (name: 'RMI_RTT_DESTROY' | 'RMI_RTT_FOLD') =>
    (at: Around): Step[] => {
      const start = ({ rd }: Place): number => at.seen.realms.get(rd)?.rtt_level_start ?? 0;
      const place = placeWhere(at, (one) => one.level > start(one));
      if (place === undefined) return [];
      const [where, l] = random.chance(90) ? [place.base, place.level] : [entryAt(place), place.level + 1];
      return [host(name, pa(place.rd), ipa(where), level(l))];
    };
  const initRipas = (at: Around): Step[] => {
    const place = placeWhere(at, (p) => isProtected(at, p, p.base) && at.seen.realms.get(p.rd)?.state === 'REALM_NEW');
    if (place === undefined) return [];
    const base = entryAt(place);
    const top =
      BigInt(base) +
      BigInt(entrySize(place.level) * random.pick([1, 1, 2, 3, 8, 600])) +
      BigInt(random.pick([0, 0, 0, 1, 0x1000]));
    return [host('RMI_RTT_INIT_RIPAS', pa(place.rd), ipa(base), maybe(CHANGES_OF_MIND, random.word, top))];
  };
  const setRipas = (at: Around): Step[] => {
    const [address, rec] =
      one(at.recs.filter(([, { ripas_top, ripas_addr }]) => ripas_top > ripas_addr)) ?? one(at.recs) ?? [];
    if (rec === undefined) return [];
    const { ripas_addr: base, ripas_top } = rec;
    const top = random.chance(50) ? ripas_top : base + BigInt(0x1000 * (1 + random.below(700)));
    const rd = random.chance(96) ? Number(rec.owner) : one(at.by['RD']);
    return [
      host(
        'RMI_RTT_SET_RIPAS',
        pa(rd),
        pa(address),
        maybe(4, () => base + 0x1000n, base),
        maybe(4, () => ripas_top + 1n, top),
      ),
    ];
  };
  const pageIn = (at: Around, wanted: 'UNASSIGNED' | 'ASSIGNED'): readonly [Place, number] | undefined => {
    const place = placeWhere(
      at,
      (p) =>
        p.level === 3 &&
        isProtected(at, p, p.base) &&
        (wanted === 'UNASSIGNED' || leadsOf(at.seen.rtts.get(p.rtt)!).assigned.length > 0),
    );
    if (place === undefined) return undefined;
    const table = at.seen.rtts.get(place.rtt);
    if (wanted === 'ASSIGNED' && table !== undefined && random.chance(90)) {
      const [index] = one(leadsOf(table).assigned) ?? [0];
      return [place, place.base + index * entrySize(place.level)];
    }
    return [place, entryAt(place)];
  };
  const dataCreate = (at: Around): Step[] => {
    const [place, where] = pageIn(at, 'UNASSIGNED') ?? [];
    if (place === undefined || where === undefined) return [];
    const src = pa(hostPage(at));
    const flags = random.chance(4) ? random.word() : BigInt(random.below(2));
    const call = host('RMI_DATA_CREATE', pa(place.rd), pa(free(at, place.rd)), ipa(where), src, flags);
    if (random.chance(60)) return [call];
    // An RsiHostCall in it, now and then, for the Realm to hand over.
    const bytes = RsiHostCall.encode({
      imm: random.below(65_536),
      gprs: Array.from({ length: 31 }, () => random.word()),
    });
    return [{ act: 'write', pa: src, bytes }, call];
  };
  const dataCreateUnknown = (at: Around): Step[] => {
    const [place, where] = pageIn(at, 'UNASSIGNED') ?? [];
    if (place === undefined || where === undefined) return [];
    return [host('RMI_DATA_CREATE_UNKNOWN', pa(place.rd), pa(free(at, place.rd)), ipa(where))];
  };
  const dataDestroy = (at: Around): Step[] => {
    const [place, where] = pageIn(at, 'ASSIGNED') ?? [];
    if (place === undefined || where === undefined) return [];
    return [host('RMI_DATA_DESTROY', pa(place.rd), ipa(where))];
  };
  const unprotectedPlace = (at: Around): Place | undefined =>
    placeWhere(at, (p) => p.level >= 1 && !isProtected(at, p, p.base + entrySize(p.level) * 511));
  const unprotectedEntry = (at: Around, place: Place): number => {
    const where = entryAt(place);
    const half = 2 ** ((at.seen.realms.get(place.rd)?.ipa_width ?? 32) - 1);
    return where >= half ? where : Math.max(where, half);
  };
  const mapUnprotected = (at: Around): Step[] => {
    const place = unprotectedPlace(at);
    if (place === undefined) return [];
    const size = entrySize(place.level);
    const target = random.chance(70) ? hostPage(at) : Number(random.word() & ((1n << 48n) - 1n));
    const address = BigInt(random.chance(90) ? target - (target % size) : target & ~0xfff);
    const attributes =
      (BigInt(random.pick([0, 1, 2, 3, 5, 6, 7, 7, 7, 4])) << 2n) | (BigInt(random.pick([3, 3, 3, 0, 1, 2])) << 6n);
    const high = address >> 50n;
    const desc = (address & 0x3_ffff_ffff_f000n) | (high << 8n) | attributes;
    return [
      host(
        'RMI_RTT_MAP_UNPROTECTED',
        pa(place.rd),
        ipa(unprotectedEntry(at, place)),
        level(place.level),
        maybe(4, () => desc | (1n << BigInt(random.below(64))), desc),
      ),
    ];
  };
  const unmapUnprotected = (at: Around): Step[] => {
    const place = placeWhere(at, (p) => leadsOf(at.seen.rtts.get(p.rtt)!).shared.length > 0);
    if (place === undefined) return [];
    const index = one(leadsOf(at.seen.rtts.get(place.rtt)!).shared);
    const where = index === undefined ? unprotectedEntry(at, place) : place.base + index * entrySize(place.level);
    return [host('RMI_RTT_UNMAP_UNPROTECTED', pa(place.rd), ipa(where), level(place.level))];
  };
  const readEntry = (at: Around): Step[] => {
    const place = one(at.places);
    return place === undefined
      ? []
      : [host('RMI_RTT_READ_ENTRY', pa(place.rd), ipa(entryAt(place)), level(place.level))];
  };
  const psciComplete = (at: Around): Step[] => {
    const [address, calling] = one(at.recs.filter(([, { psci_pending }]) => psci_pending)) ?? one(at.recs) ?? [];
    if (calling === undefined) return [];
    const named = at.recs.find(([, { owner, mpidr }]) => owner === calling.owner && mpidr === calling.gprs[1])?.[0];
    const status = random.pick([0n, 0n, 0n, REGISTER(64, -3n), random.word(), REGISTER(64, BigInt(-random.below(10)))]);
    return [host('RMI_PSCI_COMPLETE', pa(address), pa(named ?? one(at.by['REC'])), status)];
  };
  const hostWrite = (at: Around): Step[] => {
    const target = pa(random.chance(80) ? hostPage(at) : random.pick(pool));
    return [{ act: 'write', pa: target, bytes: random.bytes(1 + random.below(40)) }];
  };
  const anyCall = (act: 'host' | 'realm', pe: number): Step[] => {
    const known = [...RMM_1_0.rmi, ...RMM_1_0.rsi, ...RMM_1_0.psci];
    const x0 = random.chance(70)
      ? BigInt(random.pick(known).fid)
      : random.pick([0xc400_0156n, 0xc400_0160n, 0xc400_018fn, random.word()]);
    const sve = random.chance(10) ? 0x1_0000n : 0n;
    const args = Array.from({ length: 17 }, () =>
      random.chance(50) ? random.word() : oddAddress(BigInt(random.pick(pool))),
    );
    return [{ act, pe, x: [x0 ^ sve, ...args.map((arg) => REGISTER(64, arg))] }];
  };
  const onRd =
    (name: string) =>
    (at: Around): Step[] => [host(name, pa(one(at.by['RD'])))];

  const hostMenu = (at: Around): (readonly [number, (at: Around) => Step[]])[] => {
    const delegated = at.by['DELEGATED']?.length ?? 0;
    const isNew = at.realms.some(([, { state }]) => state === 'REALM_NEW');
    const hasRecs = at.recs.length > 0;
    const pending = at.recs.some(([, { psci_pending }]) => psci_pending);
    const changing = at.recs.some(([, { ripas_top, ripas_addr }]) => ripas_top > ripas_addr);
    const tabled = at.places.length > 0;
    const nested = at.places.some(({ rd, level: l }) => l > (at.seen.realms.get(rd)?.rtt_level_start ?? 3));
    return [
      [delegated < 16 ? 24 : 3, (a) => [host('RMI_GRANULE_DELEGATE', pa(one(a.by['UNDELEGATED'])))]],
      [delegated > 8 ? 4 : 1, (a) => [host('RMI_GRANULE_UNDELEGATE', pa(free(a)))]],
      [at.realms.length < 3 ? 12 : 1, realmCreate],
      [
        hasRecs && isNew ? 6 : 1,
        (a) => [
          host(
            'RMI_REALM_ACTIVATE',
            pa(one(a.realms.filter(([, r]) => r.state === 'REALM_NEW' && r.num_recs > 0))?.[0] ?? one(a.by['RD'])),
          ),
        ],
      ],
      [at.realms.length > 0 ? 2 : 1, onRd('RMI_REALM_DESTROY')],
      [isNew ? 9 : 1, recCreate],
      [hasRecs ? 2 : 1, (a) => [host('RMI_REC_DESTROY', pa(one(a.by['REC'])))]],
      [ready(at).length > 0 ? 24 : 2, recEnter],
      [tabled ? 14 : 1, rttCreate],
      [nested ? 5 : 1, rttRemove('RMI_RTT_DESTROY')],
      [nested ? 5 : 1, rttRemove('RMI_RTT_FOLD')],
      [isNew ? 6 : 1, initRipas],
      [changing ? 16 : 1, setRipas],
      [isNew ? 8 : 1, dataCreate],
      [tabled ? 8 : 1, dataCreateUnknown],
      [tabled ? 4 : 1, dataDestroy],
      [tabled ? 7 : 1, mapUnprotected],
      [tabled ? 3 : 1, unmapUnprotected],
      [3, readEntry],
      [1, onRd('RMI_REC_AUX_COUNT')],
      [pending ? 12 : 1, psciComplete],
      [1, () => [host('RMI_VERSION', random.pick([0x1_0000n, 0x1_0001n, 0n, random.word()]))]],
      [1, () => [host('RMI_FEATURES', random.pick([0n, 1n, random.word()]))]],
      [3, hostWrite],
      [2, () => anyCall('host', 0)],
    ];
  };

  // Acts of a Realm.

  const realmSmc = (pe: number, name: string, ...args: readonly bigint[]): Step => ({
    act: 'realm',
    pe,
    x: [fid(name), ...args],
  });
  const psci = (pe: number, name: keyof typeof PSCI_FID, ...args: readonly bigint[]): Step => ({
    act: 'realm',
    pe,
    x: [BigInt(PSCI_FID[name]), ...args],
  });

  /** An IPA of the Realm, most likely in a page that is mapped. */
  const placeOf = (at: Around, rd: number, holds: (place: Place) => boolean): number => {
    const mine = at.places.filter((p) => p.rd === rd && holds(p));
    const leads = (p: Place) => leadsOf(at.seen.rtts.get(p.rtt)!);
    const filled = mine.filter((p) => leads(p).assigned.length > 0 || leads(p).shared.length > 0);
    const place = one(random.chance(80) ? filled : mine) ?? one(mine);
    if (place === undefined) return 0;
    const { assigned, shared } = leads(place);
    const index = random.chance(85) ? (one(assigned)?.[0] ?? one(shared)) : undefined;
    return index === undefined ? entryAt(place) : place.base + index * entrySize(place.level);
  };
  /** Most likely the Realm's own memory, which is what commands ask for. */
  const memoryOf = (at: Around, rd: number): number =>
    placeOf(at, rd, (place) => random.chance(3) || isProtected(at, place, place.base));
  const rangeOf = (at: Around, rd: number): readonly [bigint, bigint] => {
    const base = memoryOf(at, rd);
    const length = random.pick([1, 1, 2, 5, 512, 700]) * random.pick([0x1000, 0x1000, 0x20_0000]);
    return [ipa(base), maybe(4, random.word, BigInt(base + length))];
  };
  const someMpidr = (at: Around, rd: number): bigint => {
    const rec = one(at.recs.filter(([, { owner }]) => Number(owner) === rd));
    const mpidr = rec?.[1].mpidr ?? 0n;
    return maybe(10, random.word, (mpidr & 0xff_ffffn) | (((mpidr >> 24n) & 0xffn) << 32n));
  };

  const access = (at: Around, pe: number, rd: number): Step[] => {
    const where = ipa(placeOf(at, rd, () => true) + random.pick([0, 0, 8, 0xffc, 0x123]));
    const length = random.pick([1, 2, 4, 8, 8, 16, 100]);
    const srt = random.below(32);
    const isv = random.chance(70) ? { isv: { srt, sf: random.chance(50), signExtend: random.chance(50) } } : {};
    switch (random.below(5)) {
      case 0:
      case 1:
        return [{ act: 'access', pe, access: { access: 'read', ipa: where, length, ...isv } }];
      case 2:
      case 3:
        return [{ act: 'access', pe, access: { access: 'write', ipa: where, bytes: random.bytes(length), ...isv } }];
      default:
        return [{ act: 'access', pe, access: { access: 'fetch', ipa: where, length: 4 } }];
    }
  };
  const wait = (pe: number): Step[] => {
    const timeout = random.chance(50) ? { timeout: random.word() } : {};
    return [
      {
        act: 'event',
        pe,
        event: random.pick([{ wfi: timeout }, { wfe: timeout }, { hvc: { imm: random.below(65_536) } }]),
      },
    ];
  };
  const hostCall = (at: Around, pe: number, rd: number): Step[] => {
    const where = BigInt(memoryOf(at, rd)) + BigInt(0x100 * random.below(16));
    return [
      realmSmc(
        pe,
        'RSI_HOST_CALL',
        maybe(CHANGES_OF_MIND, () => where + 8n, where),
      ),
    ];
  };
  const tokenContinue = (at: Around, pe: number, rd: number): Step[] => {
    const offset = BigInt(random.pick([0, 0, 0, 1, 4000, 4095, 4096]));
    const size = maybe(10, random.word, random.pick([0x1000n - offset, 1n, 0n, 700n]));
    return [realmSmc(pe, 'RSI_ATTESTATION_TOKEN_CONTINUE', ipa(memoryOf(at, rd)), offset, size)];
  };

  const realmMenu = (at: Around, pe: number, rd: number, rec: Rec | undefined): (readonly [number, () => Step[]])[] => [
    [12, () => access(at, pe, rd)],
    [4, () => wait(pe)],
    [8, () => hostCall(at, pe, rd)],
    [
      8,
      () => [
        realmSmc(
          pe,
          'RSI_IPA_STATE_SET',
          ...rangeOf(at, rd),
          random.chance(5) ? random.word() : BigInt(random.below(2)),
          random.chance(5) ? random.word() : BigInt(random.below(2)),
        ),
      ],
    ],
    [3, () => [realmSmc(pe, 'RSI_IPA_STATE_GET', ...rangeOf(at, rd))]],
    [3, () => [realmSmc(pe, 'RSI_MEASUREMENT_READ', maybe(10, random.word, BigInt(random.below(6))))]],
    [
      4,
      () => [
        realmSmc(
          pe,
          'RSI_MEASUREMENT_EXTEND',
          BigInt(random.below(6)),
          maybe(5, random.word, BigInt(random.below(67))),
          ...Array.from({ length: 8 }, random.word),
        ),
      ],
    ],
    [3, () => [realmSmc(pe, 'RSI_ATTESTATION_TOKEN_INIT', ...Array.from({ length: 8 }, random.word))]],
    [rec?.attest.state === 'ATTEST_IN_PROGRESS' ? 12 : 1, () => tokenContinue(at, pe, rd)],
    [3, () => [realmSmc(pe, 'RSI_REALM_CONFIG', ipa(memoryOf(at, rd)))]],
    [1, () => [realmSmc(pe, 'RSI_VERSION', random.pick([0x1_0000n, 0n, random.word()]))]],
    [1, () => [realmSmc(pe, 'RSI_FEATURES', random.word())]],
    [1, () => [psci(pe, 'PSCI_VERSION')]],
    [1, () => [psci(pe, 'PSCI_FEATURES', random.pick([0xc400_0003n, 0x8400_0000n, random.word()]))]],
    [2, () => [psci(pe, 'PSCI_CPU_SUSPEND', random.word(), random.word(), random.word())]],
    [1, () => [psci(pe, 'PSCI_CPU_OFF')]],
    [6, () => [psci(pe, 'PSCI_CPU_ON', someMpidr(at, rd), ipa(memoryOf(at, rd)), random.word())]],
    [3, () => [psci(pe, 'PSCI_AFFINITY_INFO', someMpidr(at, rd), maybe(10, random.word, 0n))]],
    [random.chance(10) ? 1 : 0, () => [psci(pe, random.pick(['PSCI_SYSTEM_OFF', 'PSCI_SYSTEM_RESET']))]],
    [1, () => [{ act: 'realm', pe, x: [0x8000_0000n] }]],
    [2, () => anyCall('realm', pe)],
  ];

  const interrupt = (pe: number): Step[] => [
    { act: 'interrupt', pe, kind: random.pick(['IRQ', 'IRQ', 'FIQ', 'SERROR']), polls: random.pick([0, 0, 1, 2]) },
  ];
  const devices = (at: Around): Step[] => {
    const [address] = one(at.recs) ?? [];
    if (address === undefined) return [];
    const values = {
      ...(random.chance(50) && { gicv3_hcr: random.word() }),
      ...(random.chance(50) && { gicv3_lrs: Array.from({ length: 16 }, random.word) }),
      gicv3_misr: random.word(),
      gicv3_vmcr: random.word(),
      cntp_ctl: random.word(),
      cntp_cval: random.word(),
      cntv_ctl: random.word(),
      cntv_cval: random.word(),
      pmu_ovf_status: random.below(2),
    };
    return [{ act: 'devices', rec: BigInt(address), values }];
  };

  const onPe = (steps: readonly Step[], pe: number): readonly Step[] =>
    pe === 0 ? steps : steps.map((step) => (step.act === 'host' ? { ...step, pe } : step));

  return {
    next(seen) {
      if (around?.seen !== seen) around = lookAround(seen);
      const at = around;
      for (;;) {
        if (random.chance(3)) return interrupt(random.pick(PES));
        if (random.chance(1)) {
          const steps = devices(at);
          if (steps.length > 0) return steps;
        }
        const pe = random.pick(PES);
        const running = seen.running[pe];
        if (running === undefined) {
          const steps = random.weighted(hostMenu(at))(at);
          if (steps.length > 0) return onPe(steps, pe);
          continue;
        }
        const rec = seen.recs.get(Number(running.rec));
        return random.weighted(realmMenu(at, pe, Number(rec?.owner ?? 0n), rec))();
      }
    },
  };
};
