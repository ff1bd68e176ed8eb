import { ALL_ONES, OUTSIDE_DRAM, row } from './row.ts';

const SVE = 2n;
const PMU = 4n;

export const realmRows = [
  row(29, 'as it should be', (b) => b.create()),
  row(30, 's2sz 31', (b) => b.create({ s2sz: 31 })),
  row(31, 's2sz 32', (b) => b.create({ s2sz: 32 })),
  row(32, 's2sz 48 from level 0', (b) => b.create({ s2sz: 48, rtt_level_start: 0n })),
  row(33, 's2sz 49 from level 0', (b) => b.create({ s2sz: 49, rtt_level_start: 0n })),
  row(34, 's2sz 0', (b) => b.create({ s2sz: 0 })),
  row(35, 's2sz 33 from level 0', (b) => b.create({ rtt_level_start: 0n })),
  row(36, 's2sz 39', (b) => b.create({ s2sz: 39 })),
  row(37, 's2sz 40 with one table', (b) => b.create({ s2sz: 40 })),
  row(38, 's2sz 40 with two tables', (b) => b.create({ s2sz: 40, rtt_num_start: 2 })),
  row(39, 's2sz 43 with sixteen tables', (b) => b.create({ s2sz: 43, rtt_num_start: 16 })),
  row(40, 's2sz 44 with thirty-two tables', (b) => b.create({ s2sz: 44, rtt_num_start: 32 })),
  row(41, 's2sz 33 from level 2', (b) => b.create({ rtt_level_start: 2n, rtt_num_start: 8 })),
  row(42, 's2sz 35 from level 2', (b) => b.create({ s2sz: 35, rtt_level_start: 2n, rtt_num_start: 32 })),
  row(43, 's2sz 33 from level 3', (b) => b.create({ rtt_level_start: 3n })),
  row(44, 'from level -1 without LPA2', (b) => b.create({ rtt_level_start: -1n })),
  row(45, 'from level 4', (b) => b.create({ rtt_level_start: 4n })),
  row(46, 'from level 2^63 - 1', (b) => b.create({ rtt_level_start: (1n << 63n) - 1n })),
  row(47, 'no starting table', (b) => b.create({ rtt_num_start: 0 })),
  row(48, 'two starting tables for one', (b) => b.create({ rtt_num_start: 2 })),
  row(49, 'num_bps 0', (b) => b.create({ num_bps: 0 })),
  row(50, 'num_wps 0', (b) => b.create({ num_wps: 0 })),
  row(51, 'num_bps above the machine', (b) => b.create({ num_bps: 2 })),
  row(52, 'num_wps above the machine', (b) => b.create({ num_wps: 2 })),
  row(53, 'hash_algo 2', (b) => b.create({ hash_algo: 2 })),
  row(54, 'hash_algo 255', (b) => b.create({ hash_algo: 255 })),
  row(55, 'hash_algo SHA-512', (b) => b.create({ hash_algo: 1 })),
  row(56, 'SVE on a machine without', (b) => b.create({ flags: SVE })),
  row(57, 'SVE longer than the machine has', (b) => b.create({ flags: SVE, sve_vl: 4 }), { sve_vl: 3 }),
  row(58, 'SVE as long as the machine has', (b) => b.create({ flags: SVE, sve_vl: 3 }), { sve_vl: 3 }),
  row(59, 'sve_vl without SVE', (b) => b.create({ sve_vl: 255 })),
  row(60, 'PMU with 31 counters', (b) => b.create({ flags: PMU, pmu_num_ctrs: 31 })),
  row(61, 'PMU with 32 counters', (b) => b.create({ flags: PMU, pmu_num_ctrs: 32 })),
  row(62, 'PMU with no counter', (b) => b.create({ flags: PMU, pmu_num_ctrs: 0 })),
  row(63, 'counters without PMU', (b) => b.create({ pmu_num_ctrs: 255 })),
  row(64, 'LPA2, s2sz 48', (b) => b.create({ flags: 1n, s2sz: 48, rtt_level_start: 0n })),
  row(65, 'LPA2 on a machine without', (b) => b.create({ flags: 1n, s2sz: 48, rtt_level_start: 0n }), { lpa2: false }),
  row(66, 'flag 3', (b) => b.create({ flags: 1n << 3n })),
  row(67, 'flag 63', (b) => b.create({ flags: 1n << 63n })),
  row(68, 'a bit above s2sz', (b) => b.create({ pokes: { 9: 1 } })),
  row(69, 'a bit 32 above s2sz', (b) => b.create({ pokes: { 12: 1 } })),
  row(70, 'a bit above hash_algo', (b) => b.create({ pokes: { 49: 1 } })),
  row(71, 'vmid 0', (b) => b.create({ vmid: 0 })),
  row(72, 'vmid 0x100', (b) => b.create({ vmid: 0x100 })),
  row(73, 'vmid 0xffff', (b) => b.create({ vmid: 0xffff })),
  row(74, 'vmid of another Realm', (b) => b.root().create()),
  row(75, 'vmid of a Realm that was destroyed', (b) => {
    b.must(b.root().rmi('RMI_REALM_DESTROY', b.rd));
    return b.create();
  }),
  row(76, 'rd not DELEGATED', (b) => b.create({ rd: b.page() })),
  row(77, 'rd unaligned', (b) => b.create({ rd: b.delegated() + 0x100n })),
  row(78, 'rtt_base not DELEGATED', (b) => b.create({ rtt_base: b.page() })),
  row(79, 'rtt_base is rd', (b) => {
    const rd = b.delegated();
    return b.create({ rd, rtt_base: rd });
  }),
  row(80, 'rd is the second starting table', (b) => {
    const rtt_base = b.delegated('root', 2, 2);
    return b.create({ s2sz: 40, rtt_num_start: 2, rtt_base, rd: rtt_base + 0x1000n });
  }),
  row(81, 'two tables at an odd granule', (b) => {
    const rtt_base = b.delegated('root', 3, 4) + 0x1000n;
    return b.create({ s2sz: 40, rtt_num_start: 2, rtt_base });
  }),
  row(82, 'rtt_base inside a granule', (b) => b.create({ rtt_base: b.delegated() + 0x800n })),
  row(83, 'params_ptr unaligned', (b) => b.create({ params_ptr: b.page() + 8n })),
  row(84, 'params_ptr delegated', (b) => b.create({ params_ptr: b.delegated() })),
  row(85, 'params_ptr outside DRAM', (b) => b.create({ params_ptr: OUTSIDE_DRAM })),
  row(86, 'second table not DELEGATED', (b) => {
    const rtt_base = b.page(2, 2);
    b.must(b.rmi('RMI_GRANULE_DELEGATE', rtt_base));
    return b.create({ s2sz: 40, rtt_num_start: 2, rtt_base });
  }),

  row(87, 'NEW', (b) => b.fresh().rmi('RMI_REALM_ACTIVATE', b.rd)),
  row(88, 'ACTIVE', (b) => b.std().rmi('RMI_REALM_ACTIVATE', b.rd)),
  row(89, 'NS', (b) => b.rmi('RMI_REALM_ACTIVATE', b.page())),
  row(90, 'REC', (b) => b.fresh().rmi('RMI_REALM_ACTIVATE', b.rec)),
  row(91, 'without a REC', (b) => b.root().rmi('RMI_REALM_ACTIVATE', b.rd)),
  row(92, 'with RECs and tables', (b) => b.std().rmi('RMI_REALM_DESTROY', b.rd)),
  row(93, 'NEW and empty', (b) => b.root().rmi('RMI_REALM_DESTROY', b.rd)),
  row(94, 'with a table', (b) => b.root().table(0n, 2).rmi('RMI_REALM_DESTROY', b.rd)),
  row(95, 'no RD', (b) => b.rmi('RMI_REALM_DESTROY', b.delegated())),
  row(96, 'unaligned', (b) => b.root().rmi('RMI_REALM_DESTROY', b.rd + 8n)),
];

const MPIDR_17TH = 16;

/** RECs of mpidr 0 to 15. */
const sixteen = Array.from({ length: MPIDR_17TH }, (_, mpidr) => BigInt(mpidr));

export const recRows = [
  row(194, 'as it should be', (b) => b.root().createRec()),
  row(195, 'Realm ACTIVE', (b) => b.std().createRec({ mpidr: 1n })),
  row(196, 'mpidr 1 comes first', (b) => b.root().createRec({ mpidr: 1n })),
  row(197, 'mpidr bit 4', (b) => b.root().createRec({ mpidr: 0x10n })),
  row(198, 'mpidr bit 32', (b) => b.root().createRec({ mpidr: 1n << 32n })),
  row(199, 'mpidr 0 again', (b) => b.fresh().createRec({ mpidr: 0n })),
  row(200, 'the 17th as 0x10', (b) => {
    b.root();
    for (const mpidr of sixteen) b.must(b.createRec({ mpidr }));
    return b.createRec({ mpidr: 0x10n });
  }),
  row(201, 'the 17th as 0x100', (b) => {
    b.root();
    for (const mpidr of sixteen) b.must(b.createRec({ mpidr }));
    return b.createRec({ mpidr: 0x100n });
  }),
  row(202, 'num_aux 15', (b) => b.root().createRec({ num_aux: 15n })),
  row(203, 'num_aux 17', (b) => b.root().createRec({ num_aux: 17n })),
  row(204, 'num_aux 0', (b) => b.root().createRec({ num_aux: 0n })),
  row(205, 'rec not DELEGATED', (b) => b.root().createRec({ rec: b.page() })),
  row(206, 'rec is rd', (b) => b.root().createRec({ rec: b.rd })),
  row(207, 'rd is NS', (b) => b.createRec({ rd: b.page() })),
  row(208, 'params_ptr unaligned', (b) => b.root().createRec({ params_ptr: b.page() + 8n })),
  row(209, 'params_ptr delegated', (b) => b.root().createRec({ params_ptr: b.delegated() })),
  row(210, 'params_ptr outside DRAM', (b) => b.root().createRec({ params_ptr: OUTSIDE_DRAM })),
  row(211, 'an auxiliary granule that is NS', (b) => b.root().createRec({ aux: b.aux({ 5: b.page() }) })),
  row(212, 'rec as an auxiliary granule', (b) => {
    const rec = b.root().delegated();
    return b.createRec({ rec, aux: b.aux({ 5: rec }) });
  }),
  row(213, 'an auxiliary granule twice', (b) => {
    const twice = b.root().delegated();
    return b.createRec({ aux: b.aux({ 5: twice, 6: twice }) });
  }),
  row(214, 'an auxiliary granule unaligned', (b) => b.root().createRec({ aux: b.aux({ 5: b.delegated() + 8n }) })),
  row(215, 'not runnable', (b) => b.root().createRec({ flags: 0n })),
  row(216, 'flag 1', (b) => b.root().createRec({ flags: 3n })),
  row(217, 'every flag', (b) => b.root().createRec({ flags: ALL_ONES })),
  row(218, 'pc at an Unprotected IPA', (b) => b.root().createRec({ pc: 1n << 32n })),
  row(219, 'as it should be', (b) => b.root().rmi('RMI_REC_AUX_COUNT', b.rd)),
  row(220, 'NS', (b) => b.rmi('RMI_REC_AUX_COUNT', b.page())),
  row(221, 'as it should be', (b) => b.std().rmi('RMI_REC_DESTROY', b.rec)),
  row(222, 'no REC', (b) => b.std().rmi('RMI_REC_DESTROY', b.rd)),
  row(223, 'unaligned', (b) => b.std().rmi('RMI_REC_DESTROY', b.rec + 8n)),
  row(224, 'while it runs', (b) => b.std().enter().beside('RMI_REC_DESTROY', b.rec)),
  row(225, 'while it runs', (b) => b.std().enter().beside('RMI_REC_ENTER', b.rec, b.page())),
  row(226, 'while a REC runs', (b) => b.std().enter().beside('RMI_REALM_DESTROY', b.rd)),
];
