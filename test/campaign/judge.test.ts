import { describe, expect, test } from 'vitest';
import type { ProcessKind } from '../../src/cli/campaign/client.ts';
import { createHearing } from '../../src/cli/campaign/heard.ts';
import { judgeOnMachine } from '../../src/cli/campaign/machine.ts';
import { judgeInTree, type Seen } from '../../src/cli/campaign/tsm.ts';
import type { ActName, FaultModel, FaultPlan } from '../../src/fault/index.ts';
import { FID, type Told } from '../../src/response/index.ts';

const TOKEN = Uint8Array.of(1, 2, 3);
const CRASHED: ProcessKind = { kind: 'crashed', says: 'SIGSEGV' };
const GAVE_UP: ProcessKind = { kind: 'gave-up', says: 'no' };
const TAKEN: ProcessKind = { kind: 'token', token: TOKEN };

const summary = (found: { readonly finding: string; readonly model: string } | undefined): string =>
  found === undefined ? '' : `${found.finding} ${found.model}`;

describe('a client of the report tree is judged without one: it', () => {
  const CHALLENGE = new Uint8Array(64).fill(7);
  const OTHER = new Uint8Array(64).fill(0x5a);
  const plan = (model: FaultModel): FaultPlan => ({
    model,
    faults: [{ at: 'tsm.open.outblob', when: { always: true }, act: { race: OTHER }, requireFired: false }],
  });
  const seen = (name: string, challenge = CHALLENGE): Seen => ({
    fired: name === '' ? [] : [{ at: 'tsm.read.outblob', name, text: name }],
    reports: [{ challenge, report: TOKEN }],
  });

  test.each<readonly [string, FaultModel, ProcessKind, Seen, string]>([
    ['has a security bug when it crashes under a Host', 'host', CRASHED, seen('errno'), 'crash host'],
    ['has a robustness bug when it takes a broken RMM', 'rmm', CRASHED, seen('flip'), 'crash rmm'],
    ['has a security bug when no fault acted at all', 'rmm', CRASHED, seen(''), 'crash host'],
    ['may give up where a call failed', 'host', GAVE_UP, seen('errno'), ''],
    ['may not give up where a call was short', 'host', GAVE_UP, seen('short'), 'gave-up host'],
    ['is right with the report for its challenge', 'host', TAKEN, seen('short'), ''],
    ['is wrong with that of another program', 'host', TAKEN, seen('race', OTHER), 'raced host'],
    [
      'is wrong with bytes that are no report',
      'host',
      { kind: 'token', token: OTHER },
      seen('short'),
      'wrong-token host',
    ],
    ['cannot see what the RMM spoiled', 'rmm', { kind: 'token', token: OTHER }, seen('flip'), ''],
    ['is wrong when it does not end', 'host', { kind: 'endless' }, seen('errno'), 'endless host'],
    ['is wrong when it hoards', 'rmm', { kind: 'out-of-memory' }, seen('pad'), 'out-of-memory rmm'],
  ])('%s', (_, model, end, what, expected) => {
    expect(summary(judgeInTree(plan(model), end, what))).toBe(expected);
  });
});

describe('a client of a live machine', () => {
  const plan = (model: FaultModel): FaultPlan => ({ model, faults: [] });
  const fired = (...names: readonly ActName[]) => names.map((name) => ({ at: 'host.smc', names: [name] }));
  const told = (departures: number): Told => ({
    ...{ departures, waits: 0, overlong: false, bound: 4096n, lastStatus: 0n },
    isToken: (bytes) => bytes.length === TOKEN.length,
  });

  test.each<readonly [string, FaultModel, ProcessKind, readonly ActName[], string]>([
    ['has a security bug when it crashes under a Host', 'host', CRASHED, ['interrupt'], 'crash host'],
    ['has a robustness bug when it takes a broken RMM', 'rmm', CRASHED, ['set'], 'crash rmm'],
    ['has a security bug when no fault acted at all', 'rmm', CRASHED, [], 'crash host'],
    ['may not give up where it was interrupted', 'host', GAVE_UP, ['interrupt'], 'gave-up host'],
    ['may give up where the Host refused', 'host', GAVE_UP, ['interrupt', 'reject'], ''],
    ['may give up where the RMM is broken', 'rmm', GAVE_UP, ['set'], ''],
    ['shows nothing once it is denied service', 'host', CRASHED, ['deny'], ''],
    ['shows nothing once a page of it is gone', 'host', CRASHED, ['destroy'], ''],
    ['is right with its token', 'host', TAKEN, ['interrupt'], ''],
    ['is wrong with another', 'host', { kind: 'token', token: new Uint8Array(9) }, [], 'wrong-token host'],
    ['is wrong when it hoards', 'rmm', { kind: 'out-of-memory' }, ['set'], 'out-of-memory rmm'],
  ])('%s', (_, model, end, names, expected) => {
    expect(summary(judgeOnMachine(end, plan(model), fired(...names), told))).toBe(expected);
  });
});

describe('what a client hears', () => {
  const memory = Uint8Array.from({ length: 4096 }, (_, i) => i & 0xff);
  const hearing = () => createHearing((ipa, length) => memory.slice(Number(ipa), Number(ipa) + length));
  const [SUCCESS, INCOMPLETE] = [0n, 3n];

  test('makes up the token of the last INIT, and only that', () => {
    const { hear, told } = hearing();
    for (const _ of [1, 2]) {
      hear([FID.INIT], [SUCCESS, 4096n]);
      hear([FID.CONTINUE, 0n, 0n, 4096n], [INCOMPLETE, 10n]);
      expect(told(0).isToken(memory.slice(0, 10))).toBe(false);
      hear([FID.CONTINUE, 0n, 10n, 4086n], [SUCCESS, 5n]);
    }
    expect(told(2)).toMatchObject({ departures: 2, bound: 4096n, lastStatus: SUCCESS, overlong: false, waits: 0 });
    expect(told(0).isToken(memory.slice(0, 15))).toBe(true);
    expect(told(0).isToken(memory.slice(0, 14))).toBe(false);
  });

  test('counts answers in a row that bring nothing, and lengths beyond the room', () => {
    const heard = hearing();
    heard.hear([FID.INIT], [SUCCESS, 4096n]);
    for (let n = 0; n < 4; n += 1) heard.hear([FID.CONTINUE, 0n, 0n, 4096n], [INCOMPLETE, 0n]);
    heard.hear([FID.CONTINUE, 0n, 0n, 4096n], [INCOMPLETE, 1n]);
    heard.hear([FID.CONTINUE, 0n, 1n, 4095n], [SUCCESS, 4096n]);
    expect(heard.waits).toBe(4);
    expect(heard.told(0)).toMatchObject({ waits: 4, overlong: true });
    expect(heard.met).toContainEqual(['pieces', 'more than there was room for']);
  });

  test('passes over what is no attestation call, and lengths that no token has', () => {
    const { hear, told, met } = hearing();
    hear([0xc400_0190n, 0x1_0000n], [SUCCESS, 9n]);
    expect(met).toEqual([]);
    expect(told(0)).toMatchObject({ bound: 0n, lastStatus: 0n });
    hear([FID.INIT], [SUCCESS, 1n << 63n]);
    hear([FID.CONTINUE, 0n, 0n, (1n << 64n) - 1n], [SUCCESS, 1n << 63n]);
    expect(told(0).isToken(new Uint8Array())).toBe(true);
  });
});
