import { PSCI_FID } from '../../../src/abi/index.ts';
import type { Rec } from '../../../src/rmm/index.ts';
import { entrySize, leadsOf, type Place } from '../observe.ts';
import type { Step } from '../step.ts';
import { type Around, CHANGES_OF_MIND, type Draws, fid } from './draws.ts';

/** Acts of the Realm on a PE, each with how likely it is at the moment. */
export const createRealmActs = (draws: Draws) => {
  const { random, ipa, maybe, one, entryAt, isProtected, anyCall } = draws;

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

  return realmMenu;
};
