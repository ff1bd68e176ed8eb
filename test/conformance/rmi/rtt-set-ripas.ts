import { expect } from 'vitest';
import { rttSetRipas } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { granuleRows } from '../language/granule-rows.ts';
import { GRANULE, KIB, MIB, type World } from '../language/world.ts';
import { RTT } from './support.ts';

const RAM = 1;
const EMPTY = 0;
const CHANGE_DESTROYED = 1;

/** A Realm that asks for its first pages to become RAM, and a call that grants all of it. */
const given = (w: World) => {
  const realm = w.realm();
  realm.ensure(0n);
  const rec = realm.rec();
  /** The Realm asks for another range instead, and leaves. */
  const asks = (base: bigint, top: bigint, ripas = RAM, flags = 0) => {
    w.run(rec);
    w.leave('RSI_IPA_STATE_SET', base, top, ripas, flags);
    return { base, top };
  };
  realm.activate();
  asks(0n, 4n * GRANULE);
  return { realm, rec, asks, rd: realm.rd, rec_ptr: rec.rec, base: 0n, top: 4n * GRANULE };
};

export const rttSetRipasRows = conformance(rttSetRipas, {
  given,
  fails: {
    ...granuleRows('rd', 'RD', {
      align: 'RD_UNALIGNED',
      outside: 'RD_OUTSIDE_OF_PERMITTED_PA',
      device: 'RD_DEV_MEM',
      UNDELEGATED: 'RD_STATE_UNDELEGATED',
      DELEGATED: 'RD_STATE_DELEGATED',
      REC: 'RD_STATE_REC',
      RTT: 'RD_STATE_RTT',
      DATA: 'RD_STATE_DATA',
    }),
    ...granuleRows(
      'rec_ptr',
      'REC',
      {
        align: 'REC_UNALIGNED',
        outside: 'REC_OUTSIDE_OF_PERMITTED_PA',
        device: 'REC_DEV_MEM',
        UNDELEGATED: 'REC_GRAN_STATE_UNDELEGATED',
        DELEGATED: 'REC_GRAN_STATE_DELEGATED',
        RD: 'REC_GRAN_STATE_RD',
        RTT: 'REC_GRAN_STATE_RTT',
        DATA: 'REc_GRAN_STATE_DATA',
      },
      'rec',
      'rec_gran_state',
    ),
    rec_state: {
      'it runs on another PE': ({ rec }, w) => {
        w.run(rec, {}, 1);
        return {};
      },
    },
    rec_owner: {
      REC_OTHER_OWNER: (_, w) => ({ rec_ptr: w.granuleIn('REC') }),
      'the Realm is another one': (_, w) => ({ rd: w.other.rd }),
    },
    size_valid: {
      INVALID_SIZE: ({ base }) => ({ top: base }),
      'top below base': () => ({ base: GRANULE, top: 0n }),
    },
    base_bound: {
      BASE_MISMATCH: ({ base }) => ({ base: base + 1n }),
      'a later page': ({ base }) => ({ base: base + GRANULE }),
      'what was changed already': ({ rd, rec_ptr }, w) => {
        w.must('RMI_RTT_SET_RIPAS', rd, rec_ptr, 0, GRANULE);
        return {};
      },
      'nothing is pending': ({ rec }, w) => {
        w.run(rec);
        w.driver.interrupt('IRQ');
        return { base: GRANULE };
      },
    },
    top_bound: {
      TOP_OUT_OF_BOUND: ({ top }) => ({ top: top + GRANULE }),
      'nothing is pending': ({ rec }, w) => {
        w.run(rec);
        w.driver.interrupt('IRQ');
        return {};
      },
    },
    base_align: {
      BASE_UNALIGNED: ({ asks }) => when(asks(2n * MIB + GRANULE, 4n * MIB), { result: RTT(2) }),
    },
    top_gran_align: {
      TOP_GRAN_UNALIGNED: ({ top }) => ({ top: top - 2n * KIB }),
    },
    no_progress: {
      TOP_LEVEL_UNALIGNED: ({ asks }) => when(asks(2n * MIB, 2n * MIB + GRANULE), { result: RTT(2) }),
      'the first page was destroyed, and may not change': ({ realm, rd, rec }, w) => {
        realm.unknown(0n);
        w.must('RMI_RTT_SET_RIPAS', rd, rec.rec, 0, GRANULE);
        w.must('RMI_DATA_DESTROY', rd, 0);
        w.run(rec);
        w.leave('RSI_IPA_STATE_SET', 0, GRANULE, RAM, 0);
        return when({ top: GRANULE }, { result: RTT(3) });
      },
    },
  },
  wins: {
    BASE_MISMATCH_BASE_UNALIGNED: ['base_bound', 'base_align', ({ base }) => ({ base: base + 2n * KIB })],
    TOP_GRAN_UNALIGNED_TOP_LEVEL_UNALIGNED: [
      'top_gran_align',
      'no_progress',
      ({ asks }) => {
        asks(2n * MIB, 4n * MIB);
        return { base: 2n * MIB, top: 2n * MIB + 2n * KIB };
      },
    ],
  },
  passes: {
    top_bound: { 'less than was asked for': () => when({ top: GRANULE }, { out: { out_top: GRANULE } }) },
    base_align: {
      'a page in an entry that has the RIPAS already': ({ asks, rd, rec_ptr }, w) => {
        const { base, top } = asks(2n * MIB, 4n * MIB);
        w.must('RMI_RTT_SET_RIPAS', rd, rec_ptr, base, top);
        return when(asks(2n * MIB + GRANULE, 4n * MIB), { out: { out_top: 4n * MIB } });
      },
    },
    no_progress: {
      'an entry that has the RIPAS already': ({ asks }) =>
        when(asks(2n * MIB, 2n * MIB + GRANULE, EMPTY), { out: { out_top: 2n * MIB } }),
      'a destroyed page that may change': ({ realm, rd, rec }, w) => {
        realm.unknown(0n);
        w.must('RMI_RTT_SET_RIPAS', rd, rec.rec, 0, GRANULE);
        w.must('RMI_DATA_DESTROY', rd, 0);
        w.run(rec);
        w.leave('RSI_IPA_STATE_SET', 0, GRANULE, RAM, CHANGE_DESTROYED);
        return when(
          { top: GRANULE },
          { out: { out_top: GRANULE }, sees: () => expect(w.entry(rd, 0n, 3).ripas).toBe(RAM) },
        );
      },
    },
  },
  succeeds: {
    rtte_ripas: {
      'EMPTY becomes RAM': ({ rd, base, top }, w) =>
        when(
          {},
          {
            out: { out_top: top },
            sees: () => {
              for (let ipa = base; ipa < top; ipa += GRANULE) expect(w.entry(rd, ipa, 3).ripas).toBe(RAM);
              expect(w.entry(rd, top, 3).ripas).toBe(EMPTY);
            },
          },
        ),
      'RAM becomes EMPTY, and a page that was mapped stays so': ({ realm, asks, rd, rec_ptr }, w) => {
        const data = realm.unknown(0n);
        w.must('RMI_RTT_SET_RIPAS', rd, rec_ptr, 0, GRANULE);
        return when(asks(0n, GRANULE, EMPTY), {
          sees: () => expect(w.entry(rd, 0n, 3)).toEqual({ level: 3, state: 1, desc: data, ripas: EMPTY }),
        });
      },
    },
    ripas_addr: {
      'the Realm learns how far it came': ({ rec }, w) =>
        when(
          { top: 2n * GRANULE },
          { sees: () => expect(w.run(rec).gprs.slice(0, 3)).toEqual([0n, 2n * GRANULE, 0n]) },
        ),
      'the next call goes on from there': ({ rd, rec_ptr, top }, w) =>
        when({ top: GRANULE }, { sees: () => void w.must('RMI_RTT_SET_RIPAS', rd, rec_ptr, GRANULE, top) }),
    },
    out_top: {
      'the end of the table, where the request goes on': ({ realm, asks }) => {
        realm.ensure(2n * MIB);
        return when(asks(2n * MIB - GRANULE, 2n * MIB + GRANULE), { out: { out_top: 2n * MIB } });
      },
      'the page that was destroyed, where it may not change': ({ realm, rd, rec, rec_ptr }, w) => {
        realm.unknown(2n * GRANULE);
        w.must('RMI_RTT_SET_RIPAS', rd, rec_ptr, 0, 4n * GRANULE);
        w.must('RMI_DATA_DESTROY', rd, 2n * GRANULE);
        w.run(rec);
        w.leave('RSI_IPA_STATE_SET', 0, 4n * GRANULE, EMPTY, 0);
        return when({}, { out: { out_top: 2n * GRANULE } });
      },
    },
  },
});
