import { expect } from 'vitest';
import { hostCall } from '../../../src/rmm/rsi/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { UNPROTECTED, type World } from '../language/world.ts';
import { doublewords, GRANULE, PAGE, running } from './support.ts';

const HOST_CALL = 5;
const SIZE = 0x100n;
/** 31 registers that the Realm hands over, and 31 that come back. */
const ASKED = Array.from({ length: 31 }, (_, i) => 0xaaaa_0000_0000_0000n + BigInt(i));
const ANSWERED = Array.from({ length: 31 }, (_, i) => 0xbbbb_0000_0000_0000n + BigInt(i));
const IMM = 0x1234;

const STRUCTURE = new Uint8Array(new BigUint64Array([BigInt(IMM), ...ASKED]).buffer);
const gprsAt = (w: World, ipa: bigint): bigint[] => doublewords(w.load(ipa + 8n, 31 * 8));

const given = (w: World) => {
  const world = running(w);
  w.store(PAGE, STRUCTURE);
  return { ...world, addr: PAGE };
};
const exit = { exit_reason: HOST_CALL, imm: IMM, gprs: ASKED };
const fault = { exit_reason: 0, esr: 0x9000_0007n, hpfar: PAGE >> 8n };

export const hostCallRows = conformance(hostCall, {
  given,
  exit,
  fails: {
    addr_align: {
      'one byte further': () => ({ addr: PAGE + 1n }),
      'half of its size further': () => ({ addr: PAGE + SIZE / 2n }),
    },
    addr_bound: {
      'the first Unprotected IPA': () => ({ addr: UNPROTECTED }),
      'beyond the space': () => ({ addr: 1n << 40n }),
    },
  },
  succeeds: {
    host_call: {
      'the Host gets the immediate and 31 registers': () => ({}),
      'the Realm gets 31 registers, and RSI_SUCCESS': ({ rec }, w) =>
        when(
          {},
          {
            sees: () => {
              expect(w.run(rec, { gprs: ANSWERED }).gprs[0]).toBe(0n);
              expect(gprsAt(w, PAGE)).toEqual(ANSWERED);
            },
          },
        ),
      'its own other registers are as they were': ({ rec }, w) =>
        when(
          {},
          {
            sees: () => {
              const [, ...rest] = w.run(rec, { gprs: ANSWERED }).gprs;
              expect(rest[0]).toBe(PAGE);
              expect(rest[1]).toBe(0xdead_beef_0000_0002n);
            },
          },
        ),
      'a structure at the end of the page': ({ rec }, w) => {
        const addr = PAGE + GRANULE - SIZE;
        w.store(addr, STRUCTURE);
        return when(
          { addr },
          {
            sees: () => {
              w.run(rec, { gprs: ANSWERED });
              expect(gprsAt(w, addr)).toEqual(ANSWERED);
            },
          },
        );
      },
      'the immediate is as it was': ({ rec }, w) =>
        when(
          {},
          {
            sees: () => {
              w.run(rec, { gprs: ANSWERED });
              expect(w.load(PAGE, 8)).toEqual(Uint8Array.of(0x34, 0x12, 0, 0, 0, 0, 0, 0));
            },
          },
        ),
    },
  },
  also: {
    'a structure that is EMPTY cannot be read': () => when({ addr: 0n }, { result: 'RSI_ERROR_INPUT' }),
    'one that is not mapped is for the Host to map': ({ realm, rec }, w) => {
      w.driver.interrupt('IRQ');
      w.must('RMI_DATA_DESTROY', realm.rd, PAGE);
      w.run(rec);
      return when({}, { exit: fault });
    },
    'one that the Host took away meanwhile: the call stays pending until it is back': ({ realm, rec }, w) =>
      when(
        {},
        {
          sees: () => {
            w.must('RMI_DATA_DESTROY', realm.rd, PAGE);
            expect(w.enter(rec, { gprs: ANSWERED })).toMatchObject({ result: { status: 'RMI_SUCCESS' } });
            expect(w.exitOf(rec)).toMatchObject({ ...fault, gprs: new Array<bigint>(31).fill(0n) });
            expect(w.enter(rec, { gprs: ANSWERED })).toMatchObject({ kind: 'return' });
          },
        },
      ),
  },
});
