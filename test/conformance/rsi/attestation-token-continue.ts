import { expect } from 'vitest';
import { attestationTokenContinue } from '../../../src/rmm/rsi/index.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { GRANULE, UNPROTECTED, type World } from '../language/world.ts';
import { PAGE, running } from './support.ts';
import { fetch } from './token.ts';

const IRQ = 1;
const FIQ = 2;
const FAULT = { exit_reason: 0, esr: 0x9000_0007n, hpfar: PAGE >> 8n };

const begin = (w: World): void => {
  w.call('RSI_ATTESTATION_TOKEN_INIT', ...new Array<bigint>(8).fill(1n));
};

/** A Realm whose token is under way, and a call that fetches all of it. */
const given = (w: World) => {
  const world = running(w);
  begin(w);
  return { ...world, addr: PAGE, offset: 0n, size: GRANULE };
};
type Given = ReturnType<typeof given>;

const SLOW = { rmm: { signSteps: 3 } } as const;

export const attestationTokenContinueRows = conformance(attestationTokenContinue, {
  given,
  fails: {
    addr_align: { 'one byte further': () => ({ addr: PAGE + 1n }) },
    addr_bound: {
      'the first Unprotected IPA': () => ({ addr: UNPROTECTED }),
      'beyond the space': () => ({ addr: 1n << 40n }),
    },
    offset_bound: {
      'the end of the granule': () => ({ offset: GRANULE, size: 0n }),
      'beyond it': () => ({ offset: GRANULE + 1n }),
    },
    size_overflow: {
      'the sum wraps': () => ({ offset: 16n, size: 0xffff_ffff_ffff_fff8n }),
      'the sum wraps to zero': () => ({ offset: 1n, size: 0xffff_ffff_ffff_ffffn }),
    },
    size_bound: {
      'one byte beyond the granule': () => ({ size: GRANULE + 1n }),
      'one byte beyond, from an offset': () => ({ offset: 0x800n, size: 0x801n }),
      'as large as 64 bits can say': () => ({ size: 0xffff_ffff_ffff_ffffn }),
    },
    state: {
      'no token was begun': (_, w) => {
        w.driver.interrupt('IRQ');
        running(w);
        return {};
      },
      'the token is complete': (_, w) => {
        fetch(w, PAGE);
        return {};
      },
      'the token was begun on another REC': (_, w) => {
        w.driver.interrupt('IRQ');
        const realm = w.realm();
        realm.data(PAGE);
        const [first, second] = [realm.rec(), realm.rec()];
        realm.activate();
        w.run(first);
        begin(w);
        w.driver.interrupt('IRQ');
        w.run(second);
        return {};
      },
    },
    unknown: {
      'the RMM lost its key': (_, w) => {
        w.inside.loseAttestationKeys();
        return {};
      },
    },
  },
  passes: {
    offset_bound: {
      'the last byte of the granule': () =>
        when({ offset: GRANULE - 1n, size: 1n }, { result: 'RSI_INCOMPLETE', out: { len: 1n } }),
    },
    size_bound: {
      'up to the end of the granule': () =>
        when({ offset: 0xf00n, size: 0x100n }, { out: { len: 0x100n }, result: 'RSI_INCOMPLETE' }),
      'no byte: nothing happens': (_, w) =>
        when(
          { size: 0n },
          {
            result: 'RSI_INCOMPLETE',
            out: { len: 0n },
            sees: () => expect(fetch(w, PAGE).length).toBeGreaterThan(1000),
          },
        ),
    },
    state: {
      'five refused calls before': (_, w) => {
        const bad = [
          [PAGE + 1n, 0, 1],
          [UNPROTECTED, 0, 1],
          [PAGE, 0x1000, 0],
          [PAGE, 0, 0x1001],
          [0n, 0, 1],
        ] as const;
        for (const args of bad) expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', ...args)[0]).toBe(1n);
        return {};
      },
    },
  },
  succeeds: {
    complete: {
      'the token is whole, and over': (_, w) =>
        when(
          {},
          {
            sees: ({ out }) => {
              expect(w.load(PAGE, 2)).toEqual(Uint8Array.of(0xd9, 0x01));
              expect(out.len).toBeGreaterThan(1000n);
              expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE)[0]).toBe(2n);
            },
          },
        ),
      'a buffer that it fills exactly': (_, w) => {
        const size = BigInt(fetch(w, PAGE).length);
        begin(w);
        return when({ size }, { out: { len: size } });
      },
    },
  },
  also: {
    'a piece': () => when({ size: 100n }, { result: 'RSI_INCOMPLETE', out: { len: 100n } }),
    'pieces of any size make the same token': (_, w) => {
      const whole = fetch(w, PAGE);
      begin(w);
      return when(
        { size: 1n },
        {
          result: 'RSI_INCOMPLETE',
          out: { len: 1n },
          sees: () => expect(fetch(w, PAGE, 77)).toEqual(whole.slice(1)),
        },
      );
    },
    'an IRQ while it is signed': on(SLOW, (_: Given, w: World) => {
      w.driver.interrupt('IRQ', { polls: 1 });
      return when({}, { exit: { exit_reason: IRQ } });
    }),
    'a FIQ while it is signed': on(SLOW, (_: Given, w: World) => {
      w.driver.interrupt('FIQ', { polls: 2 });
      return when({}, { exit: { exit_reason: FIQ } });
    }),
    'after an IRQ the Realm finds INCOMPLETE and no byte, and goes on': on(SLOW, ({ rec }: Given, w: World) => {
      w.driver.interrupt('IRQ', { polls: 1 });
      return when(
        {},
        {
          exit: { exit_reason: IRQ },
          sees: () => {
            expect(w.run(rec).gprs.slice(0, 2)).toEqual([3n, 0n]);
            expect(fetch(w, PAGE).length).toBeGreaterThan(1000);
          },
        },
      );
    }),
    'a page that is EMPTY is no buffer': () => when({ addr: 0n }, { result: 'RSI_ERROR_INPUT' }),
    'a page of RAM that is not mapped is for the Host to map, and the call is made again': (
      { realm, rec }: Given,
      w: World,
    ) => {
      w.driver.interrupt('IRQ');
      w.must('RMI_DATA_DESTROY', realm.rd, PAGE);
      w.run(rec);
      return when({}, { exit: FAULT, sees: () => expect(w.run(rec).gprs[1]).toBe(PAGE) });
    },
  },
});
