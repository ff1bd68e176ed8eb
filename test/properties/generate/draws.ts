import { RMM_1_0 } from '../../../src/rmm/index.ts';
import { entrySize, type Observed, type Place, placesOf } from '../observe.ts';
import type { Random } from '../random.ts';
import type { Scene } from '../scenes.ts';
import type { Step } from '../step.ts';

const FID = Object.fromEntries(
  [...RMM_1_0.rmi, ...RMM_1_0.rsi].map(({ name, fid }) => [name, BigInt(fid)]),
) as Readonly<Record<string, bigint>>;
export const fid = (name: string): bigint => FID[name]!;

/** How often, out of a hundred times, a value is not what it should be. */
export const CHANGES_OF_MIND = 5;
export const REGISTER = BigInt.asUintN;

/** What the machine offers at the moment, looked up once for each observation. */
export const lookAround = (pool: readonly number[], seen: Observed) => {
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
export type Around = ReturnType<typeof lookAround>;

/** Values of calls, drawn by someone who sees the whole machine: most are sound, some are not what they should be. */
export const createDraws = (random: Random, { pool, platform }: Scene) => {
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

  return {
    random,
    pool,
    machine,
    oddAddress,
    maybe,
    pa,
    level,
    ipa,
    one,
    free,
    hostPage,
    host,
    entryAt,
    isProtected,
    placeWhere,
    anyCall,
  };
};

export type Draws = ReturnType<typeof createDraws>;
