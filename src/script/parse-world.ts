import type { Cursor } from './cursor.ts';
import { parseBraces, parseExpression, parseField, refuseTwice, refuseUnknown } from './expression.ts';
import { EXIT_MEMBERS, leaving, type Parsed } from './statement-kind.ts';

export const interrupt = (cursor: Cursor): Parsed => {
  if (!cursor.isWord('IRQ', 'FIQ', 'SERROR')) throw cursor.expected('IRQ, FIQ or SERROR');
  const kind = cursor.next().text as 'IRQ' | 'FIQ' | 'SERROR';
  const known = ['polls', 'esr'];
  const fields = cursor.is('{')
    ? parseBraces(cursor, () => parseField(cursor, 'polls or esr', (m) => refuseUnknown(m, 'an interrupt', known)))
    : [];
  refuseTwice(fields);
  return { act: { act: 'interrupt', kind, fields }, results: leaving('an interrupt') };
};

/** The members of RmiRecExit that come from devices. */
const DEVICE_MEMBERS = EXIT_MEMBERS.filter((name) => /^(gicv3|cnt|pmu)/.test(name));

export const devices = (cursor: Cursor): Parsed => {
  const rec = parseExpression(cursor);
  const fields = parseBraces(cursor, () =>
    parseField(cursor, 'a member of RmiRecExit that devices give', (m) => refuseUnknown(m, 'devices', DEVICE_MEMBERS)),
  );
  refuseTwice(fields);
  return { act: { act: 'devices', rec, fields } };
};

/** WFI or WFE, with a timeout WFIT or WFET. */
export const wait =
  (kind: 'wfi' | 'wfe') =>
  (cursor: Cursor): Parsed => ({
    act: { act: 'wait', kind, timeout: cursor.isOver ? undefined : parseExpression(cursor) },
    results: leaving('a wait'),
  });
