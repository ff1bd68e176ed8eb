import { describe, expect, test } from 'vitest';
import { FINDINGS, type Finding, type FindingCode, type VerifyOptions, verifyToken } from '../../src/verify/index.ts';
import { CPAK, crypto, publicOf } from '../support/forge.ts';
import { ERROR_ROWS, type Row, WARNING_ROWS } from './rows.ts';

const options: VerifyOptions = { crypto, key: publicOf(CPAK) };
const tokens = new Map<Row, Uint8Array>();
const tokenOf = (row: Row): Uint8Array => {
  const made = tokens.get(row) ?? row.token();
  tokens.set(row, made);
  return made;
};
const judge = (row: Row, strict = false) => verifyToken(tokenOf(row), { ...options, ...row.options, strict });
const told = (findings: readonly Finding[]) =>
  findings.map(({ code, path, severity }) => `${severity} ${code} ${path}`);
const titled = (rows: readonly Row[]) => rows.map((row) => [`${row.what}: ${row.code} at ${row.path}`, row] as const);

describe('the verifier refuses', () => {
  test.each(titled(ERROR_ROWS))('%s', (_, row) => {
    const { accepted, checks, findings } = judge(row);
    expect(told(findings)).toContain(`error ${row.code} ${row.path}`);
    expect(accepted).toBe(false);
    expect(checks.some(({ outcome }) => outcome === 'failed')).toBe(true);
  });
});

describe('the verifier warns about, and refuses when strict,', () => {
  test.each(titled(WARNING_ROWS))('%s', (_, row) => {
    const { accepted, checks, findings } = judge(row);
    expect(new Set(told(findings))).toEqual(new Set([`warning ${row.code} ${row.path}`]));
    expect(accepted).toBe(true);
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(judge(row, true).accepted).toBe(false);
  });
});

test('every finding has a row that provokes it', () => {
  const provoked = new Set([...ERROR_ROWS, ...WARNING_ROWS].map(({ code }) => code));
  expect((Object.keys(FINDINGS) as FindingCode[]).filter((code) => !provoked.has(code))).toEqual([]);
});
