import type { Bench } from './bench.ts';
import { ALL_ONES, OUTSIDE_DRAM, row, UNPROTECTED, UNTABLED } from './row.ts';

const CPU_ON = 'PSCI_CPU_ON';
const enterAt = (b: Bench, run: bigint) => b.rmi('RMI_REC_ENTER', b.rec, run);

/** A Realm with a second REC. @returns it, and the first one is `b.rec` */
const withSecond = (b: Bench, flags: bigint): bigint => {
  const first = b.fresh().rec;
  b.must(b.createRec({ mpidr: 1n, flags }));
  const second = b.rec;
  b.rec = first;
  b.activate();
  return second;
};

/** The first REC has asked for the second. */
const asked = (b: Bench, flags = 0n): bigint => {
  const second = withSecond(b, flags);
  b.enter().realm(CPU_ON, 1n, 0x1000n, 0n);
  return second;
};

const complete = (b: Bench, target: bigint, status: bigint, calling = b.rec) =>
  b.rmi('RMI_PSCI_COMPLETE', calling, target, BigInt.asUintN(64, status));

/** ICH_LR: state, and group. */
const PENDING = 1n << 62n;
const GROUP1 = 1n << 60n;

const lrs = (...values: bigint[]) => ({ gicv3_lrs: values });

export const enterRows = [
  row(227, 'as it should be', (b) => b.std().enterAndLeave()),
  row(228, 'Realm NEW', (b) => b.fresh().enterAndLeave()),
  row(229, 'not runnable', (b) => {
    b.run = b.root().page();
    b.must(b.createRec({ flags: 0n }));
    b.activate();
    return b.enterAndLeave();
  }),
  row(230, 'run_ptr delegated', (b) => enterAt(b.std(), b.delegated())),
  row(231, 'run_ptr unaligned', (b) => enterAt(b.std(), b.page() + 8n)),
  row(232, 'run_ptr outside DRAM', (b) => enterAt(b.std(), OUTSIDE_DRAM)),
  row(233, 'rec is rd', (b) => b.std().enterAndLeave({}, b.rd)),
  row(234, 'emulated access that was not', (b) => b.std().enterAndLeave({ flags: 1n })),
  row(235, 'abort to inject that was not', (b) => b.std().enterAndLeave({ flags: 2n })),
  row(236, 'both', (b) => b.std().enterAndLeave({ flags: 3n })),
  row(237, 'flag 10', (b) => b.std().enterAndLeave({ flags: 1n << 10n })),
  row(238, 'traps of WFI and WFE', (b) => b.std().enterAndLeave({ flags: 0xcn })),
  row(239, 'gicv3_hcr.En', (b) => b.std().enterAndLeave({ gicv3_hcr: 1n })),
  row(240, 'every bit of gicv3_hcr', (b) => b.std().enterAndLeave({ gicv3_hcr: ALL_ONES })),
  // The recording has both accepted, and calls the second pending. The source of the reference RMM (gic_validate_state)
  // refuses both in a List Register that has a state, so that here they have none: see docs/divergences.md.
  row(241, 'HW in an inactive List Register', (b) => b.std().enterAndLeave(lrs(1n << 61n))),
  row(242, 'vINTID 1023 in an inactive List Register', (b) => b.std().enterAndLeave(lrs(0x3ffn))),
  row(243, 'a vINTID again in a List Register that is not there', (b) =>
    b.std().enterAndLeave(lrs(PENDING | 27n, PENDING | 27n)),
  ),
  row(244, 'a pending List Register', (b) => b.std().enterAndLeave(lrs(PENDING | GROUP1 | 27n))),
  row(245, 'a List Register that is not there', (b) => b.std().enterAndLeave(lrs(0n, PENDING | GROUP1 | 27n))),
  row(246, 'after PSCI_SYSTEM_OFF', (b) => {
    b.std().enter().realm('PSCI_SYSTEM_OFF');
    return b.enterAndLeave();
  }),
  row(247, 'after PSCI_CPU_OFF', (b) => {
    b.std().enter().realm('PSCI_CPU_OFF');
    return b.enterAndLeave();
  }),
  row(248, 'while PSCI_CPU_ON waits', (b) => {
    asked(b);
    return b.enterAndLeave();
  }),

  row(249, 'as it should be', (b) => complete(b, asked(b), 0n)),
  row(250, 'as it should be', (b) => complete(b, asked(b), -3n)),
  row(251, 'another status', (b) => complete(b, asked(b), -2n)),
  row(252, 'PSCI_DENIED, target runs', (b) => complete(b, asked(b, 1n), -3n)),
  row(253, 'PSCI_SUCCESS, target runs', (b) => complete(b, asked(b, 1n), 0n)),
  row(254, 'target is the caller', (b) => {
    asked(b);
    return complete(b, b.rec, 0n);
  }),
  row(255, 'the other way round', (b) => {
    const second = asked(b);
    return complete(b, b.rec, 0n, second);
  }),
  row(256, 'nothing waits', (b) => complete(b, withSecond(b, 0n), 0n)),
  row(257, 'calling_rec unaligned', (b) => {
    const second = asked(b);
    return complete(b, second, 0n, b.rec + 8n);
  }),
  row(258, 'a second time', (b) => {
    const second = asked(b);
    b.must(complete(b, second, 0n));
    return complete(b, second, 0n);
  }),
];

const EMPTY = 0n;
const RAM = 1n;

/** The Realm has asked for a change of RIPAS. */
const pending = (b: Bench, base: bigint, top: bigint, ripas: bigint, flags = 0n): Bench => {
  b.enter().realm('RSI_IPA_STATE_SET', base, top, ripas, flags);
  return b;
};

const pages = (b: Bench) => pending(b.std(), 0x8000n, 0xa000n, RAM);
const set = (b: Bench, base: bigint, top: bigint, { rd = b.rd, rec = b.rec } = {}) =>
  b.rmi('RMI_RTT_SET_RIPAS', rd, rec, base, top);

const destroyed = (b: Bench): Bench => {
  b.must(b.std().rmi('RMI_DATA_DESTROY', b.rd, 0n));
  return b;
};

export const setRipasRows = [
  row(259, 'as it should be', (b) => set(pages(b), 0x8000n, 0xa000n)),
  row(260, 'part of the range', (b) => set(pages(b), 0x8000n, 0x9000n)),
  row(261, 'another base', (b) => set(pages(b), 0x9000n, 0xa000n)),
  row(262, 'more than was asked for', (b) => set(pages(b), 0x8000n, 0xb000n)),
  row(263, 'top unaligned', (b) => set(pages(b), 0x8000n, 0x8800n)),
  row(264, 'base is top', (b) => set(pages(b), 0x8000n, 0x8000n)),
  row(265, 'nothing waits', (b) => set(b.std(), 0x8000n, 0x9000n)),
  row(266, 'no REC', (b) => set(pages(b), 0x8000n, 0x9000n, { rec: b.page() })),
  row(267, 'no RD', (b) => set(pages(b), 0x8000n, 0x9000n, { rd: b.page() })),
  row(268, 'EMPTY over DATA', (b) => set(pending(b.std(), 0n, 0x1000n, EMPTY), 0n, 0x1000n)),
  row(269, 'entry larger than the range', (b) =>
    set(pending(b.std(), UNTABLED, UNTABLED + 0x1000n, RAM), UNTABLED, UNTABLED + 0x1000n),
  ),
  row(270, 'base inside an entry', (b) =>
    set(pending(b.std(), UNTABLED + 0x1000n, UNTABLED + 0x2000n, RAM), UNTABLED + 0x1000n, UNTABLED + 0x2000n),
  ),
  row(271, 'DESTROYED, without leave', (b) => set(pending(destroyed(b), 0n, 0x1000n, RAM), 0n, 0x1000n)),
  row(272, 'DESTROYED, with leave', (b) => set(pending(destroyed(b), 0n, 0x1000n, RAM, 1n), 0n, 0x1000n)),
  row(273, 'REC of another Realm', (b) => {
    const { rd } = pages(b);
    b.root({ vmid: 2 });
    b.must(b.createRec());
    return set(b, 0x8000n, 0x9000n, { rd });
  }),
];

const change = (b: Bench, base: bigint, top: bigint, ripas: bigint, flags = 0n) =>
  b.std().enter().realm('RSI_IPA_STATE_SET', base, top, ripas, flags);
const REJECT = { flags: 1n << 4n };

export const ripasRows = [
  row(324, 'RAM', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0n, 0x3000n)),
  row(325, 'EMPTY', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0x8000n, 0x9000n)),
  row(326, 'RAM, then EMPTY', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0n, 0x9000n)),
  row(327, 'base unaligned', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0x800n, 0x2000n)),
  row(328, 'end unaligned', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0n, 0x1800n)),
  row(329, 'base is end', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0x1000n, 0x1000n)),
  row(330, 'base above end', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0x2000n, 0x1000n)),
  row(331, 'end Unprotected', (b) =>
    b
      .std()
      .enter()
      .realm('RSI_IPA_STATE_GET', 0n, UNPROTECTED + 0x1000n),
  ),
  row(332, 'base Unprotected', (b) =>
    b
      .std()
      .enter()
      .realm('RSI_IPA_STATE_GET', UNPROTECTED, UNPROTECTED + 0x1000n),
  ),
  row(333, 'up to the last Protected IPA', (b) => b.std().enter().realm('RSI_IPA_STATE_GET', 0n, UNPROTECTED)),

  row(334, 'to RAM', (b) => change(b, 0x8000n, 0xa000n, RAM)),
  row(335, 'to EMPTY', (b) => change(b, 0n, 0x1000n, EMPTY)),
  row(336, 'to DESTROYED', (b) => change(b, 0x8000n, 0x9000n, 2n)),
  row(337, 'to 3', (b) => change(b, 0x8000n, 0x9000n, 3n)),
  row(338, 'base is top', (b) => change(b, 0x8000n, 0x8000n, RAM)),
  row(339, 'base above top', (b) => change(b, 0x9000n, 0x8000n, RAM)),
  row(340, 'base unaligned', (b) => change(b, 0x8800n, 0xa000n, RAM)),
  row(341, 'top unaligned', (b) => change(b, 0x8000n, 0x9800n, RAM)),
  row(342, 'top Unprotected', (b) => change(b, 0x8000n, UNPROTECTED + 0x1000n, RAM)),
  row(343, 'flag 0', (b) => change(b, 0x8000n, 0x9000n, RAM, 1n)),
  row(344, 'flag 1', (b) => change(b, 0x8000n, 0x9000n, RAM, 2n)),
  row(345, 'the Host has done all of it', (b) => {
    b.must(set(pages(b), 0x8000n, 0xa000n));
    return b.registers();
  }),
  row(346, 'the Host has done nothing and accepts', (b) => pages(b).registers()),
  row(347, 'the Host has done nothing and rejects', (b) => pages(b).registers(REJECT)),
  row(348, 'the Host has done all of it and rejects', (b) => {
    b.must(set(pages(b), 0x8000n, 0xa000n));
    return b.registers(REJECT);
  }),
];
