import type { ChipRecord, LogEntry } from '../../../src/hes/index.ts';

const entryOf = (seq: number): LogEntry => ({
  seq,
  epoch: { boot: seq, lfa: 0 },
  op: 'extend',
  result: 'PSA_SUCCESS',
  slot: seq % 32,
  swType: 'RMM',
  version: '0.9.0',
  signerId: 'a5'.repeat(32),
  alg: 'sha-256',
  value: seq.toString(16).padStart(64, '0'),
  newSlotValue: '5a'.repeat(32),
  lock: seq % 2 === 1,
});

/** The chip after some changes: everything in it follows from their number. */
export const chipAfter = (changes: number, entries = changes): ChipRecord => ({
  identity: { seed: 'a chip', group: 'alone', hes: 'rse' },
  otp: { lcs: 'SE', reprovisioningBits: changes, group: `group ${changes}` },
  epoch: { boot: changes, lfa: 0 },
  firmware: `firmware ${changes}`,
  slots: Array.from({ length: 32 }, (_, slot) =>
    slot % 3 === 0
      ? {
          signer_id: new Uint8Array(32).fill(slot),
          version: `${changes}.${slot}`,
          measurement_algo: 0x0200_0009,
          sw_type: 'RMM',
          measurement_value: new Uint8Array(32).fill(changes % 256),
          is_locked: slot % 2 === 0,
        }
      : undefined,
  ),
  log: Array.from({ length: entries }, (_, i) => entryOf(changes - entries + 1 + i)),
});
