import { describe, expect, test } from 'vitest';
import { concatBytes, hex, toHex } from '../../src/bytes/index.ts';
import { CHIP_REFUSALS, type FirmwareComponent, LCS_NAMES, LOG_LIMIT, type LogEntry } from '../../src/hes/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { chip, component, crypto, keyRequest, pairOf, smallSet } from './support/chip.ts';

const update = (changes: Partial<FirmwareComponent> = {}): FirmwareComponent =>
  component(14, 'RMM', { version: '1.1.0', digest: new Uint8Array(32).fill(0x11), ...changes });
const keysOf = (hes = chip()) => {
  pairOf(hes);
  const { cpak, rak } = hes.status();
  return [toHex(cpak.x), rak && toHex(rak.x)];
};
const before = keysOf();

describe('the life cycle', () => {
  test.each(LCS_NAMES.flatMap((from) => LCS_NAMES.map((to) => [from, to] as const)))('from %s to %s', (from, to) => {
    const hes = chip({ firmware: smallSet({ lcs: from }) });
    const forward = LCS_NAMES.indexOf(to) > LCS_NAMES.indexOf(from);
    expect(hes.setLifecycle(to)).toEqual(forward ? { ok: true } : { ok: false, code: 'LCS_BACKWARD' });
    expect(hes.status()).toMatchObject({ lcs: forward ? to : from, epoch: { boot: forward ? 1 : 0, lfa: 0 } });
  });

  test('takes a cold reset: the delegated key is gone and everything is measured anew', () => {
    const hes = chip({ firmware: smallSet({ lcs: 'DM' }) });
    hes.getDelegatedKey(keyRequest);
    hes.extendMeasurement({
      index: 20,
      signer_id: new Uint8Array(32),
      version: '',
      measurement_algo: 0x0200_0009,
      sw_type: 'LATE',
      measurement_value: new Uint8Array(32),
      lock_measurement: false,
    });
    hes.setLifecycle('SE');
    expect([hes.status().rak, hes.status().slots[20]]).toEqual([undefined, undefined]);
    expect(keysOf(hes)).toEqual(before);
  });

  test('survives a reset with firmware that was made for another state', () => {
    const hes = chip();
    hes.setLifecycle('RMA');
    hes.reset(smallSet({ lcs: 'SE' }));
    expect(hes.status().lcs).toBe('RMA');
  });

  test('ends with keys that are nobody’s, unless they are kept', () => {
    const gone = chip();
    gone.setLifecycle('RMA');
    const kept = chip({ device: { rmaErasesKeys: false } });
    kept.setLifecycle('RMA');
    expect(keysOf(gone)[0]).not.toBe(before[0]);
    expect(keysOf(kept)[0]).toBe(before[0]);
    expect(keysOf(kept)[1]).not.toBe(before[1]);
  });
});

describe('reprovisioning', () => {
  test('sets bits and gives all keys anew', () => {
    const hes = chip();
    expect(hes.rotateCpak(0b1)).toEqual({ ok: true });
    const first = keysOf(hes);
    expect(hes.rotateCpak(0b101)).toEqual({ ok: true });
    const second = keysOf(hes);
    expect(new Set([before, first, second].flat()).size).toBe(6);
    expect(hes.status().epoch.boot).toBe(2);
    expect(hes.memory().otp.reprovisioningBits).toBe(0b101);
  });

  test.each([0b100, 0b010, 0, -1, 1.5, 2 ** 32, Number.NaN])('refuses to go from 101 to %d', (bits) => {
    const hes = chip({ device: { reprovisioningBits: 0b101 } });
    expect(hes.rotateCpak(bits)).toEqual({ ok: false, code: 'REPROVISIONING_BACKWARD' });
    expect(hes.status().epoch.boot).toBe(0);
  });

  test('can set the last bit', () => {
    expect(chip().rotateCpak(0xffff_ffff)).toEqual({ ok: true });
  });
});

describe('a new group key', () => {
  test('changes the RAK alone', () => {
    const hes = chip();
    const { implementationId, instanceId } = hes.status();
    expect(hes.rotateGuk('another group')).toEqual({ ok: true });
    const [cpak, rak] = keysOf(hes);
    expect([cpak === before[0], rak === before[1]]).toEqual([true, false]);
    expect(hes.status()).toMatchObject({ implementationId, instanceId });
  });

  test('is none when its seed is the one there is', () => {
    expect(chip().rotateGuk('swcca')).toEqual({ ok: false, code: 'GROUP_UNCHANGED' });
  });
});

test('every refusal has a sentence', () => {
  for (const says of Object.values(CHIP_REFUSALS)) expect(says.length).toBeGreaterThan(20);
});

describe('a reset of the application processor alone', () => {
  test('extends what it measures a second time, and what is locked stops it', () => {
    const [bl12, rseS, bl31, rmm] = smallSet().components;
    const firmware = smallSet({ components: [bl12!, rseS!, bl31!, { ...rmm!, lock: true }] });
    const hes = chip({ firmware });
    const earlier = hes.status().slots;
    hes.apReset();
    const { slots, refused, epoch } = hes.status();
    expect(refused).toEqual([{ slot: 14, type: 'RMM', status: 'PSA_ERROR_BAD_STATE' }]);
    expect(slots[11]).toMatchObject({ version: '', sw_type: '' });
    const doubled = crypto.hash('sha-256').digest(concatBytes(earlier[11]!.measurement_value, bl31!.digest));
    expect(toHex(slots[11]!.measurement_value)).toBe(toHex(doubled));
    expect([slots[0], slots[2], slots[14]]).toEqual([earlier[0], earlier[2], earlier[14]]);
    expect(epoch.boot).toBe(0);
  });
});

describe('live activation', () => {
  test('extends the slot of the component, and with it key and token are others', () => {
    const hes = chip();
    const { slots } = hes.status();
    expect(hes.activate(update())).toBe('LFA_SUCCESS');
    const extended = concatBytes(slots[14]!.measurement_value, update().digest);
    expect(hes.status().slots[14]).toEqual({
      ...slots[14],
      version: '',
      sw_type: '',
      measurement_value: crypto.hash('sha-256').digest(extended),
    });
    expect(hes.status().epoch).toEqual({ boot: 0, lfa: 1 });
    expect(keysOf(hes)[1]).not.toBe(before[1]);
  });

  test('keeps the type where it is told to, and sets the version', () => {
    const hes = chip({ switches: { extendMetadata: 'keepType' } });
    hes.activate(update());
    expect(hes.status().slots[14]).toMatchObject({ sw_type: 'RMM', version: '1.1.0' });
  });

  test('may happen again, by a version that is no older', () => {
    const hes = chip();
    expect(['1.1.0', '1.0.9', '1.1.0', '1.1.0+1'].map((version) => hes.activate(update({ version })))).toEqual([
      'LFA_SUCCESS',
      'LFA_AUTH_ERROR',
      'LFA_SUCCESS',
      'LFA_SUCCESS',
    ]);
    expect(hes.status().epoch.lfa).toBe(3);
  });

  test.each([
    ['an empty slot', update({ slot: 20 }), 'LFA_INVALID_PARAMETERS'],
    ['a slot that is none', update({ slot: 77 }), 'LFA_INVALID_PARAMETERS'],
    ['a locked slot', component(0, 'RSE_BL1_2', { version: '2.0.0' }), 'LFA_ACTIVATION_FAILED'],
    ['another signer', update({ signerId: new Uint8Array(32) }), 'LFA_AUTH_ERROR'],
    ['an older version', update({ version: '0.9.9' }), 'LFA_AUTH_ERROR'],
    ['another algorithm', update({ algorithm: 'sha-384', digest: new Uint8Array(48) }), 'LFA_AUTH_ERROR'],
  ] as const)('of %s changes nothing', (_, what, status) => {
    const hes = chip();
    const earlier = hes.status();
    expect(hes.activate(what)).toBe(status);
    expect(hes.status()).toEqual(earlier);
  });

  test('is refused where the maker ruled it out', () => {
    const components = smallSet().components.with(3, component(14, 'RMM', { liveActivation: false }));
    expect(chip({ firmware: smallSet({ components }) }).activate(update())).toBe('LFA_NOT_SUPPORTED');
  });

  test('is forgotten at a cold reset', () => {
    const hes = chip();
    hes.activate(update());
    hes.reset();
    expect(keysOf(hes)).toEqual(before);
    expect(hes.status().epoch).toEqual({ boot: 1, lfa: 0 });
  });
});

describe('the event log', () => {
  test('has every member of its schema, without a gap', () => {
    const hes = chip();
    hes.getDelegatedKey(keyRequest);
    hes.getPlatformToken({ dak_pub_hash: new Uint8Array(32), token_buf_size: 4096 });
    hes.activate(update());
    hes.setLifecycle('CM');
    const { log } = hes.memory();
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i));
    expect(log.map(({ op, result }) => `${op} ${result}`)).toEqual([
      'coldReset PSA_SUCCESS',
      ...new Array(4).fill('extend PSA_SUCCESS'),
      'getDelegatedKey PSA_SUCCESS',
      'getPlatformToken PSA_ERROR_INVALID_ARGUMENT',
      'extend PSA_SUCCESS',
      'activate LFA_SUCCESS',
      'setLifecycle LCS_BACKWARD',
    ]);
    const [, first] = log;
    expect(first).toEqual({
      seq: 1,
      epoch: { boot: 0, lfa: 0 },
      op: 'extend',
      result: 'PSA_SUCCESS',
      slot: 0,
      swType: 'RSE_BL1_2',
      version: '1.0.0',
      signerId: '51'.repeat(32),
      alg: 'sha-256',
      value: toHex(smallSet().components[0]!.digest),
      newSlotValue: toHex(hes.status().slots[0]!.measurement_value),
      lock: true,
    });
  });

  /** What a verifier does with the log: the slots of the last boot, computed again from what was extended. */
  const replayed = (log: readonly LogEntry[]): Map<number, string> => {
    const slots = new Map<number, string>();
    for (const { op, result, slot = 0, value = '' } of log.slice(log.findLastIndex(({ op }) => op === 'coldReset'))) {
      if (op !== 'extend' || result !== 'PSA_SUCCESS') continue;
      const old = hex(slots.get(slot) ?? '00'.repeat(32));
      slots.set(slot, toHex(crypto.hash('sha-256').digest(concatBytes(old, hex(value)))));
    }
    return slots;
  };

  test('is enough to compute the slots again', () => {
    const hes = chip();
    hes.activate(update());
    hes.reset();
    hes.apReset();
    hes.activate(update({ version: '1.2.0' }));
    const slots = hes.status().slots.flatMap((slot, i) => (slot ? [[i, toHex(slot.measurement_value)] as const] : []));
    expect(replayed(hes.memory().log)).toEqual(new Map(slots));
  });

  test('tells of extensions that were refused, and of what the slot still holds', () => {
    const hes = chip();
    const value = hes.status().slots[0]!.measurement_value;
    hes.extendMeasurement({
      index: 0,
      signer_id: new Uint8Array(32),
      version: '',
      measurement_algo: 0x0200_0009,
      sw_type: '',
      measurement_value: new Uint8Array(32),
      lock_measurement: false,
    });
    expect(hes.memory().log.at(-1)).toMatchObject({
      result: 'PSA_ERROR_BAD_STATE',
      slot: 0,
      newSlotValue: toHex(value),
    });
  });

  test('goes on in a chip that is switched on again, and in a fork on its own', () => {
    const first = chip();
    first.setLifecycle('RMA');
    const memory = first.memory();
    const again = chip({ chip: memory });
    expect(again.status()).toMatchObject({ lcs: 'RMA', epoch: { boot: 2, lfa: 0 } });
    expect(again.memory().log.slice(0, memory.log.length)).toEqual(memory.log);
    expect(again.memory().log.at(-1)?.seq).toBe(again.memory().log.length - 1);
    const fork = again.fork();
    fork.reset();
    expect(fork.memory().log.length).toBeGreaterThan(again.memory().log.length);
  });

  test('keeps the newest entries, and their numbers tell how many went', () => {
    const hes = chip();
    while (hes.memory().log.at(-1)!.seq < LOG_LIMIT + 10) for (let i = 0; i < 500; i++) hes.apReset();
    const { log } = hes.memory();
    expect(log).toHaveLength(LOG_LIMIT);
    expect(log.at(-1)!.seq - log[0]!.seq).toBe(LOG_LIMIT - 1);
  });
});

test('the trace tells of each step of a life', () => {
  const events: TraceEvent[] = [];
  const hes = chip({ trace: (event) => events.push(event) });
  hes.setLifecycle('RMA');
  hes.setLifecycle('SE');
  hes.rotateCpak(1);
  hes.rotateGuk('x');
  hes.activate(update());
  hes.apReset();
  const told = events.flatMap((event) => (event.type === 'hes.operation' ? [`${event.op} ${event.result}`] : []));
  expect(told).toEqual([
    'setLifecycle PSA_SUCCESS',
    'setLifecycle LCS_BACKWARD',
    'rotateCpak PSA_SUCCESS',
    'rotateGuk PSA_SUCCESS',
    'activate LFA_SUCCESS',
    'apReset PSA_SUCCESS',
  ]);
});
