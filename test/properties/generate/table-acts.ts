import { RsiHostCall } from '../../../src/abi/index.ts';
import { entrySize, leadsOf, type Place } from '../observe.ts';
import type { Step } from '../step.ts';
import { type Around, CHANGES_OF_MIND, type Draws } from './draws.ts';

/** Commands of a Host on tables and what they map. */
export const createTableActs = (draws: Draws) => {
  const { random, pa, ipa, level, maybe, one, free, hostPage, host, entryAt, isProtected, placeWhere } = draws;

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

  return {
    rttCreate,
    rttRemove,
    initRipas,
    setRipas,
    dataCreate,
    dataCreateUnknown,
    dataDestroy,
    mapUnprotected,
    unmapUnprotected,
    readEntry,
  };
};
