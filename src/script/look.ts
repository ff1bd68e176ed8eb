import type { Act, Subject } from './ast.ts';
import { failedChecks, holds, type Mismatch } from './check.ts';
import { evaluate, numberOf } from './evaluate.ts';
import { type Found, granuleRecord, machineLines, realmRecord, recRecord, rttLines, rttRecord } from './inspect.ts';
import { type Cell, type CellRecord, cellText, recordText } from './outcome.ts';
import { impossible, type Place } from './problem.ts';
import { inRealm } from './realm-acts.ts';
import type { Stage } from './stage.ts';

const LAST_LEVEL = 3;

const levelOf = (stage: Stage, subject: Extract<Subject, { kind: 'rtt' }>): number =>
  subject.level === undefined ? LAST_LEVEL : Number(BigInt.asIntN(64, numberOf(subject.level, stage.around(subject))));

/** The object that a subject names. */
const find = (stage: Stage, subject: Exclude<Subject, { kind: 'machine' | 'names' | 'exit' }>): Found => {
  const platform = stage.platform(subject);
  const around = stage.around(subject);
  switch (subject.kind) {
    case 'granule':
      return { record: granuleRecord(platform, numberOf(subject.address, around)) };
    case 'realm':
      return realmRecord(platform, numberOf(subject.address, around));
    case 'rec':
      return recRecord(platform, numberOf(subject.address, around));
    case 'rtt': {
      const ipa = subject.ipa === undefined ? 0n : numberOf(subject.ipa, around);
      return rttRecord(platform, numberOf(subject.rd, around), ipa, levelOf(stage, subject));
    }
  }
};

/** A record in lines that fit a screen: one a member where there are many. */
const linesOf = (record: CellRecord): string[] =>
  Object.keys(record).length <= 4
    ? [recordText(record)]
    : Object.entries(record).map(([name, cell]) => `${name} = ${shownCell(name, cell)}`);

/** Registers are shown where they say something. */
const shownCell = (name: string, cell: Cell): string => {
  if (name !== 'gprs' || !Array.isArray(cell)) return cellText(cell);
  const registers = (cell as readonly bigint[]).flatMap((value, n) =>
    value === 0n ? [] : [`x${n}=${cellText(value)}`],
  );
  return registers.length === 0 ? 'all zero' : registers.join(' ');
};

/** What `show` prints, and the same as data. */
export const show = (
  stage: Stage,
  { subject }: Extract<Act, { act: 'show' }>,
): { lines: readonly string[]; shows: Cell } => {
  switch (subject.kind) {
    case 'names': {
      const names = Object.fromEntries(stage.names);
      return { lines: Object.entries(names).map(([name, value]) => `$${name} = ${cellText(value)}`), shows: names };
    }
    case 'machine': {
      const lines = machineLines(stage.platform(subject));
      return { lines, shows: lines };
    }
    case 'exit': {
      const exit = stage.exits.get(stage.pe);
      return { lines: [exit?.text ?? `PE ${stage.pe} has not exited yet`], shows: exit?.members };
    }
  }
  if (subject.kind === 'rtt' && subject.ipa === undefined) {
    const lines = rttLines(stage.platform(subject), numberOf(subject.rd, stage.around(subject)));
    return { lines, shows: lines };
  }
  const found = find(stage, subject);
  if ('missing' in found) return { lines: [found.missing], shows: found.missing };
  return { lines: linesOf(found.record), shows: found.record };
};

/** What `expect` found otherwise. */
export const expectObject = (stage: Stage, act: Extract<Act, { act: 'expect' }>, place: Place): readonly Mismatch[] => {
  const { subject, reason, checks } = act;
  const around = stage.around(place);
  if (subject.kind === 'exit') {
    const exit = stage.exits.get(stage.pe);
    const expected = `exit ${reason ?? ''}`.trimEnd();
    if (exit === undefined) return [{ ...place, expected, found: `PE ${stage.pe} has not exited` }];
    if (reason !== undefined && exit.reason !== reason) return [{ ...place, expected, found: exit.text }];
    return failedChecks(checks, exit.members, [], around);
  }
  if (subject.kind === 'machine' || subject.kind === 'names')
    throw impossible(subject, 'nothing can be expected of it');
  const found = find(stage, subject);
  if ('missing' in found) return [{ ...place, expected: `a ${subject.kind}`, found: found.missing }];
  return failedChecks(checks, found.record, [], around);
};

/** A register of the Realm on the PE that acts. */
export const expectRegister = (
  stage: Stage,
  { check }: Extract<Act, { act: 'expect-register' }>,
  place: Place,
): readonly Mismatch[] => {
  const { gprs, pc } = stage.platform(place).rmm.state.rec(inRealm(stage, place).rec);
  return failedChecks([check], { pc }, gprs, stage.around(place));
};

export const expectValue = (
  stage: Stage,
  { left, compare, right }: Extract<Act, { act: 'expect-value' }>,
  place: Place,
): readonly Mismatch[] => {
  const around = stage.around(place);
  const cell = evaluate(left, around);
  if (holds(cell, compare, right, around)) return [];
  return [{ ...place, expected: `${compare} ${cellText(evaluate(right, around))}`, found: cellText(cell) }];
};
