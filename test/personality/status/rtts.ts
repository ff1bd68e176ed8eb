import type { Bench } from './bench.ts';
import { IPA_LIMIT, OUTSIDE_DRAM, row, UNPROTECTED, UNTABLED } from './row.ts';

const create = (b: Bench, ipa: bigint, level: bigint, rtt = b.delegated('table')) =>
  b.rmi('RMI_RTT_CREATE', b.rd, rtt, ipa, level);
const destroy = (b: Bench, ipa: bigint, level: bigint) => b.rmi('RMI_RTT_DESTROY', b.rd, ipa, level);
const fold = (b: Bench, ipa: bigint, level: bigint) => b.rmi('RMI_RTT_FOLD', b.rd, ipa, level);
const read = (b: Bench, ipa: bigint, level: bigint) => b.rmi('RMI_RTT_READ_ENTRY', b.rd, ipa, level);
const map = (b: Bench, ipa: bigint, level: bigint, desc: bigint) =>
  b.rmi('RMI_RTT_MAP_UNPROTECTED', b.rd, ipa, level, desc);
const unmap = (b: Bench, ipa: bigint, level: bigint) => b.rmi('RMI_RTT_UNMAP_UNPROTECTED', b.rd, ipa, level);

const PAGE = 0x1000n;
const TABLE_PAGES = 512;
/** Memory of the Host that rows map. */
const SHARED = 0x8300_0000n;

/** A table full of DATA, one behind the other, but for the last of them where it is asked for. */
export const fullTable = (b: Bench, ipa: bigint, last?: bigint): void => {
  const block = b.delegated('block', TABLE_PAGES, TABLE_PAGES);
  for (let i = 0n; i < BigInt(TABLE_PAGES); i += 1n) {
    const data = i === BigInt(TABLE_PAGES) - 1n && last !== undefined ? last : block + i * PAGE;
    b.must(b.rmi('RMI_DATA_CREATE_UNKNOWN', b.rd, data, ipa + i * PAGE));
  }
};

const unprotected = (b: Bench): Bench => b.std().table(UNPROTECTED, 2).table(UNPROTECTED, 3);

export const rttRows = [
  row(97, 'the starting level', (b) => create(b.root(), 0n, 1n)),
  row(98, 'level 4', (b) => create(b.root(), 0n, 4n)),
  row(99, 'no parent', (b) => create(b.root(), 0n, 3n)),
  row(100, 'unaligned', (b) => create(b.root(), 0x20_0000n, 2n)),
  row(101, 'where IPAs end', (b) => create(b.root(), IPA_LIMIT, 2n)),
  row(102, 'Unprotected', (b) => create(b.root(), UNPROTECTED, 2n)),
  row(103, 'a second time', (b) => create(b.root().table(0n, 2), 0n, 2n)),
  row(104, 'not DELEGATED', (b) => create(b.root(), 0n, 2n, b.page())),
  row(105, 'rtt is rd', (b) => create(b.root(), 0n, 2n, b.rd)),
  row(106, 'no RD', (b) => b.rmi('RMI_RTT_CREATE', b.page(), b.delegated(), 0n, 2n)),

  row(107, 'live', (b) => {
    b.must(b.root().tables().unknown(0n));
    return destroy(b, 0n, 3n);
  }),
  row(108, 'as it should be', (b) => destroy(b.root().tables(), 0n, 3n)),
  row(109, 'no table', (b) => destroy(b.root(), 0n, 2n)),
  row(110, 'with a child', (b) => destroy(b.root().tables(), 0n, 2n)),
  row(111, 'no parent', (b) => destroy(b.root(), 0n, 3n)),
  row(112, 'the starting level', (b) => destroy(b.root(), 0n, 1n)),
  row(113, 'unaligned', (b) => destroy(b.root().tables(), PAGE, 3n)),

  row(114, 'EMPTY', (b) => fold(b.root().tables(), 0n, 3n)),
  row(115, 'mixed', (b) => {
    b.must(b.root().tables().unknown(0n));
    return fold(b, 0n, 3n);
  }),
  row(116, 'no table', (b) => fold(b.root(), 0n, 2n)),
  row(117, 'the starting level', (b) => fold(b.root(), 0n, 1n)),
  row(118, 'RAM', (b) => {
    b.must(b.root().tables().initRipas(0n, 0x20_0000n));
    return fold(b, 0n, 3n);
  }),
  row(119, 'DATA in a row', (b) => {
    fullTable(b.root().tables(), 0n);
    return fold(b, 0n, 3n);
  }),
  row(120, 'DATA with one elsewhere', (b) => {
    fullTable(b.root().tables(), 0n, b.delegated());
    return fold(b, 0n, 3n);
  }),

  row(121, 'base is top', (b) => b.fresh().initRipas(PAGE, PAGE)),
  row(122, 'base above top', (b) => b.fresh().initRipas(0x2000n, PAGE)),
  row(123, 'base unaligned', (b) => b.fresh().initRipas(0x1800n, 0x4000n)),
  row(124, 'top unaligned', (b) => b.fresh().initRipas(PAGE, 0x1800n)),
  row(125, 'top Unprotected', (b) => b.fresh().initRipas(0x3000n, UNPROTECTED + PAGE)),
  row(126, 'Unprotected', (b) => b.fresh().initRipas(UNPROTECTED, UNPROTECTED + PAGE)),
  row(127, 'ACTIVE', (b) => b.std().initRipas(PAGE, 0x2000n)),
  row(128, 'DATA at base', (b) => b.fresh().initRipas(0n, PAGE)),
  row(129, 'entry larger', (b) => b.fresh().initRipas(UNTABLED, UNTABLED + PAGE)),
  row(130, 'base inside an entry', (b) => b.fresh().initRipas(UNTABLED + PAGE, UNTABLED + 0x2000n)),
  row(131, 'up to DATA', (b) => b.fresh().initRipas(PAGE, 0x4000n)),
  row(132, 'no RD', (b) => b.rmi('RMI_RTT_INIT_RIPAS', b.page(), 0n, PAGE)),

  row(168, 'DATA', (b) => read(b.std(), 0n, 3n)),
  row(169, 'RAM', (b) => read(b.std(), PAGE, 3n)),
  row(170, 'EMPTY', (b) => read(b.std(), 0x8000n, 3n)),
  row(171, 'a block', (b) => read(b.std(), 0x20_0000n, 2n)),
  row(172, 'where the walk ends', (b) => read(b.std(), UNTABLED, 3n)),
  row(173, 'a table', (b) => read(b.std(), 0n, 1n)),
  row(174, 'level 0', (b) => read(b.std(), 0n, 0n)),
  row(175, 'level 4', (b) => read(b.std(), 0n, 4n)),
  row(176, 'Unprotected', (b) => read(b.std(), UNPROTECTED, 3n)),
  row(177, 'unaligned', (b) => read(b.std(), 0x800n, 3n)),

  row(178, 'as it should be', (b) => map(unprotected(b), UNPROTECTED, 3n, SHARED)),
  row(179, 'attributes', (b) => map(unprotected(b), UNPROTECTED, 3n, SHARED | 0xdcn)),
  row(180, 'bit 0', (b) => map(unprotected(b), UNPROTECTED, 3n, SHARED | 1n)),
  row(181, 'Protected', (b) => map(unprotected(b), 0x8000n, 3n, SHARED)),
  row(182, 'no table', (b) => map(b.std(), UNPROTECTED, 3n, SHARED)),
  row(183, 'output unaligned', (b) => map(b.std().table(UNPROTECTED, 2), UNPROTECTED, 2n, SHARED + PAGE)),
  row(184, 'a second time', (b) => {
    b.must(map(unprotected(b), UNPROTECTED, 3n, SHARED));
    return map(b, UNPROTECTED, 3n, SHARED);
  }),
  row(185, 'a block of level 1', (b) => map(b.std(), UNPROTECTED, 1n, 0x8000_0000n)),
  row(186, 'level 0', (b) => map(b.std(), UNPROTECTED, 0n, 0n)),
  row(187, 'output too wide', (b) => map(unprotected(b), UNPROTECTED, 3n, 1n << 48n)),
  row(188, 'where IPAs end', (b) => map(b.std(), IPA_LIMIT, 3n, SHARED)),
  row(189, 'as it should be', (b) => {
    b.must(map(unprotected(b), UNPROTECTED, 3n, SHARED));
    return unmap(b, UNPROTECTED, 3n);
  }),
  row(190, 'nothing there', (b) => unmap(unprotected(b), UNPROTECTED, 3n)),
  row(191, 'Protected', (b) => unmap(b.std(), 0n, 3n)),
  row(192, 'no table', (b) => unmap(b.std(), UNPROTECTED, 3n)),
  row(193, 'level 0', (b) => unmap(b.std(), UNPROTECTED, 0n)),
];

interface Source {
  readonly rd?: bigint;
  readonly data?: bigint;
  readonly src?: bigint;
  readonly flags?: bigint;
}

const measured = (b: Bench, ipa: bigint, { rd = b.rd, data, src, flags = 1n }: Source = {}) =>
  b.rmi('RMI_DATA_CREATE', rd, data ?? b.delegated(), ipa, src ?? b.filled(), flags);
const remove = (b: Bench, ipa: bigint) => b.rmi('RMI_DATA_DESTROY', b.rd, ipa);

export const dataRows = [
  row(133, 'as it should be', (b) => measured(b.fresh(), PAGE)),
  row(134, 'ACTIVE', (b) => measured(b.std(), PAGE)),
  row(135, 'DATA there', (b) => measured(b.fresh(), 0n)),
  row(136, 'ipa unaligned', (b) => measured(b.fresh(), 0x1800n)),
  row(137, 'Unprotected', (b) => measured(b.fresh(), UNPROTECTED)),
  row(138, 'where IPAs end', (b) => measured(b.fresh(), IPA_LIMIT)),
  row(139, 'EMPTY', (b) => measured(b.fresh(), 0x8000n)),
  row(140, 'no table', (b) => measured(b.fresh(), UNTABLED)),
  row(141, 'flag 1', (b) => measured(b.fresh(), PAGE, { flags: 2n })),
  row(142, 'flags 0 and 1', (b) => measured(b.fresh(), PAGE, { flags: 3n })),
  row(143, 'flags 32 on', (b) => measured(b.fresh(), PAGE, { flags: 0xffff_ffff_0000_0000n })),
  row(144, 'not DELEGATED', (b) => measured(b.fresh(), PAGE, { data: b.page() })),
  row(145, 'data is rd', (b) => measured(b.fresh(), PAGE, { data: b.rd })),
  row(146, 'data unaligned', (b) => measured(b.fresh(), PAGE, { data: b.delegated() + 8n })),
  row(147, 'src delegated', (b) => measured(b.fresh(), PAGE, { src: b.delegated() })),
  row(148, 'src unaligned', (b) => measured(b.fresh(), PAGE, { src: b.page() + 8n })),
  row(149, 'src outside DRAM', (b) => measured(b.fresh(), PAGE, { src: OUTSIDE_DRAM })),
  row(150, 'no RD', (b) => measured(b.fresh(), PAGE, { rd: b.page() })),
  row(151, 'data is src', (b) => {
    const data = b.fresh().delegated();
    return measured(b, PAGE, { data, src: data });
  }),
  row(152, 'ACTIVE, RAM', (b) => b.std().unknown(PAGE)),
  row(153, 'NEW', (b) => b.fresh().unknown(PAGE)),
  row(154, 'EMPTY', (b) => b.std().unknown(0x8000n)),
  row(155, 'DATA there', (b) => b.std().unknown(0n)),
  row(156, 'no table', (b) => b.std().unknown(UNTABLED)),
  row(157, 'Unprotected', (b) => b.std().unknown(UNPROTECTED)),
  row(158, 'unaligned', (b) => b.std().unknown(0x1800n)),
  row(159, 'NS', (b) => b.std().rmi('RMI_DATA_CREATE_UNKNOWN', b.rd, b.page(), PAGE)),
  row(160, 'as it should be', (b) => remove(b.std(), 0n)),
  row(161, 'a second time', (b) => {
    b.must(remove(b.std(), 0n));
    return remove(b, 0n);
  }),
  row(162, 'nothing there', (b) => remove(b.std(), PAGE)),
  row(163, 'unaligned', (b) => remove(b.std(), 0x800n)),
  row(164, 'Unprotected', (b) => remove(b.std(), UNPROTECTED)),
  row(165, 'no table', (b) => remove(b.std(), UNTABLED)),
  row(166, 'the last of a table', (b) => remove(b.std(), 0x2000n)),
  row(167, 'DESTROYED', (b) => {
    b.must(remove(b.std(), 0n));
    return b.unknown(0n);
  }),
];
