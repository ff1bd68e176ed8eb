import { RmiRealmParams, RmiRecEnter, RmiRecParams, recMpidr } from '../../../src/abi/index.ts';
import type { Rec } from '../../../src/rmm/index.ts';
import type { Step } from '../step.ts';
import { type Around, type Draws, REGISTER } from './draws.ts';
import { createTableActs } from './table-acts.ts';

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

/** Commands of a Host, each with how likely it is at the moment. */
export const createHostActs = (draws: Draws) => {
  const { random, pool, machine, oddAddress, pa, one, free, hostPage, host, anyCall } = draws;
  const tables = createTableActs(draws);

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
      [tabled ? 14 : 1, tables.rttCreate],
      [nested ? 5 : 1, tables.rttRemove('RMI_RTT_DESTROY')],
      [nested ? 5 : 1, tables.rttRemove('RMI_RTT_FOLD')],
      [isNew ? 6 : 1, tables.initRipas],
      [changing ? 16 : 1, tables.setRipas],
      [isNew ? 8 : 1, tables.dataCreate],
      [tabled ? 8 : 1, tables.dataCreateUnknown],
      [tabled ? 4 : 1, tables.dataDestroy],
      [tabled ? 7 : 1, tables.mapUnprotected],
      [tabled ? 3 : 1, tables.unmapUnprotected],
      [3, tables.readEntry],
      [1, onRd('RMI_REC_AUX_COUNT')],
      [pending ? 12 : 1, psciComplete],
      [1, () => [host('RMI_VERSION', random.pick([0x1_0000n, 0x1_0001n, 0n, random.word()]))]],
      [1, () => [host('RMI_FEATURES', random.pick([0n, 1n, random.word()]))]],
      [3, hostWrite],
      [2, () => anyCall('host', 0)],
    ];
  };

  return hostMenu;
};
