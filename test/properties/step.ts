import { toHex } from '../../src/bytes/index.ts';
import type { HostReply, Platform, RealmReply } from '../../src/platform/index.ts';
import type { DeviceValues, Interrupt, RealmAccess, RealmEvent } from '../../src/rmm/index.ts';

/** One act of the world on a machine, as plain values: a list of them can be run again, cut short and printed. */
export type Step =
  | { readonly act: 'host'; readonly pe: number; readonly x: readonly bigint[] }
  | { readonly act: 'write'; readonly pa: bigint; readonly bytes: Uint8Array }
  | { readonly act: 'realm'; readonly pe: number; readonly x: readonly bigint[] }
  | { readonly act: 'access'; readonly pe: number; readonly access: RealmAccess }
  | { readonly act: 'event'; readonly pe: number; readonly event: RealmEvent }
  | { readonly act: 'interrupt'; readonly pe: number; readonly kind: Interrupt; readonly polls: number }
  | { readonly act: 'devices'; readonly rec: bigint; readonly values: DeviceValues };

/** What came of a step. `skipped`: it is the other world's turn on that PE, so the step could not be tried. */
export type Reply =
  | HostReply
  | RealmReply
  | { readonly kind: 'written'; readonly done: boolean }
  | { readonly kind: 'skipped' };

const SKIPPED: Reply = { kind: 'skipped' };

export const perform = (platform: Platform, step: Step): Reply => {
  const inRealm = 'pe' in step && platform.rmm.state.running(step.pe) !== undefined;
  switch (step.act) {
    case 'host':
      return inRealm ? SKIPPED : platform.smc(step.x, step.pe);
    case 'write':
      return { kind: 'written', done: platform.write(step.pa, step.bytes) };
    case 'realm':
      return inRealm ? platform.realmSmc(step.x, step.pe) : SKIPPED;
    case 'access':
      return inRealm ? platform.realmAccess(step.access, step.pe) : SKIPPED;
    case 'event':
      return inRealm ? platform.realmEvent(step.event, step.pe) : SKIPPED;
    case 'interrupt': {
      const x = platform.interrupt(step.kind, { pe: step.pe, polls: step.polls });
      return x === undefined ? { kind: 'done' } : { kind: 'exit', x };
    }
    case 'devices':
      platform.devices(step.rec, step.values);
      return { kind: 'done' };
  }
};

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** Bytes without their zeros at the end: structures are sparse. */
const shortHex = (bytes: Uint8Array): string => {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return `${toHex(bytes.subarray(0, end))}${end === bytes.length ? '' : ` then ${bytes.length - end} zeros`}`;
};

/** A step for people. */
export const describeStep = (step: Step): string => {
  switch (step.act) {
    case 'host':
    case 'realm':
      return `pe ${step.pe} ${step.act} smc ${step.x.map(hex).join(' ')}`;
    case 'write':
      return `host write ${hex(step.pa)} ${shortHex(step.bytes)}`;
    case 'access': {
      const { access, ipa } = step.access;
      const what = step.access.access === 'write' ? toHex(step.access.bytes) : `${step.access.length} bytes`;
      return `pe ${step.pe} realm ${access} ${hex(ipa)} ${what}`;
    }
    case 'event':
      return `pe ${step.pe} realm ${Object.keys(step.event).join()}`;
    case 'interrupt':
      return `pe ${step.pe} ${step.kind} after ${step.polls} polls`;
    case 'devices':
      return `devices of ${hex(step.rec)}`;
  }
};
