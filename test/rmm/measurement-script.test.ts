import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'swcca-measurement-'));
afterAll(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-measurement.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
};

const written = (content: unknown): string => {
  const path = join(folder, 'vectors.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const carried = JSON.parse(readFileSync(join(root, 'test/vectors/measurement.json'), 'utf8'));
const [rim] = carried.rim;
const [rem] = carried.rem;

describe('check-measurement', () => {
  test('passes every vector that the project carries', () => {
    const { status, lines, stderr } = check('test/vectors/measurement.json');
    expect(stderr).toBe('');
    expect(lines.at(-1)).toBe(`${carried.rim.length + carried.rem.length} passed, 0 failed, 0 skipped`);
    expect(lines.at(-2)).toMatch(/^[1-9]\d{2,} RMI calls, [1-9]\d{1,} RSI calls$/);
    expect(lines.filter((text) => text.includes('nochain'))).toHaveLength(1);
    expect(status).toBe(0);
  });

  test('takes a file with one kind only', () => {
    expect(check(written({ rim: [rim] })).lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
    expect(check(written({ rem: [rem] })).lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped');
  });

  test('fails when a digest differs, and counts a skipped vector apart', () => {
    const spoilt = { ...rim, rim: '00'.repeat(32) };
    const { status, lines } = check(written({ rim: [spoilt, { ...rim, algo: 'sha3-256' }], rem: [rem] }));
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped');
    expect(status).toBe(1);
  });

  const rows: readonly (readonly [string, unknown, string])[] = [
    ['nothing', '', 'is not JSON'],
    ['half of a file', JSON.stringify(carried).slice(0, 5000), 'is not JSON'],
    ['deep nesting', '['.repeat(2_000_000), 'is not JSON'],
    ['a list', [], 'the file: must be an object'],
    ['no vectors', { rim: [], rem: [] }, 'holds no vectors'],
    ['rim that is no list', { rim: {} }, 'rim: must be a list'],
    ['a vector that is null', { rim: [null] }, 'rim[0]: must be an object'],
    [
      'a vector without parameters',
      { rim: [{ ...rim, realm_params: undefined }] },
      'rim[0].realm_params: must be an object',
    ],
    [
      'a parameter that is too wide',
      { rim: [{ ...rim, realm_params: { ...rim.realm_params, s2sz: 256 } }] },
      'rim[0].realm_params.s2sz: must be less than 2^8',
    ],
    [
      'a negative parameter',
      { rim: [{ ...rim, realm_params: { ...rim.realm_params, flags: -1 } }] },
      'rim[0].realm_params.flags: must be a number',
    ],
    [
      'an address that is no number',
      { rim: [{ ...rim, ops: [{ op: 'data_create', ipa: 'top' }] }] },
      'rim[0].ops[0].ipa: must be a number',
    ],
    [
      'a page that is too long',
      {
        rim: [
          {
            ...rim,
            ops: [{ op: 'data_create', ipa: 0, measure: true, content: { kind: 'hex', bytes: 'ab'.repeat(4097) } }],
          },
        ],
      },
      'rim[0].ops[0].content.bytes: must have 0 to 4096 bytes',
    ],
    [
      'an unknown recipe',
      { rim: [{ ...rim, ops: [{ op: 'data_create', ipa: 0, measure: true, content: { kind: 'noise' } }] }] },
      'rim[0].ops[0].content.kind',
    ],
    [
      'an entry of no size',
      { rim: [{ ...rim, ops: [{ op: 'init_ripas', base: 0, top: 4096, entry_size: 8192 }] }] },
      'is not the size of an RTT entry',
    ],
    [
      'a range without end',
      { rim: [{ ...rim, ops: [{ op: 'init_ripas', base: 0, top: '0xfffffffffffff000', entry_size: 4096 }] }] },
      'must cover at most',
    ],
    ['nine registers', { rim: [{ ...rim, rsi_measurement_read: Array(9).fill(0) }] }, 'must have at most 8 elements'],
    ['a digest that is no hexadecimal', { rim: [{ ...rim, rim: 'zz' }] }, 'rim[0].rim: must be hexadecimal'],
    [
      'an extend that is too long',
      { rem: [{ ...rem, extends: ['00'.repeat(65)] }] },
      'rem[0].extends[0]: must have 0 to 64 bytes',
    ],
    [
      'too few expected slots',
      { rem: [{ ...rem, expected: { impl: [] } }] },
      'rem[0].expected.impl: must have as many elements as extends',
    ],
  ];
  test.each(rows)('refuses %s in one line', (_, content, says) => {
    const path = written(content);
    const { status, lines, stderr } = check(path);
    expect(stderr).toMatch(/^check-measurement: [^\n]*\n$/);
    expect(stderr).toContain(says);
    expect(lines).toEqual(['']);
    expect(status).toBe(2);
  });

  test.each([
    ['no file', [], 'usage'],
    ['two files', ['a', 'b'], 'usage'],
    ['a file that is not there', [join(folder, 'absent.json')], 'ENOENT'],
    ['a folder', [folder], 'is not a regular file'],
    ['a device', ['/dev/zero'], 'is not a regular file'],
  ])('refuses %s', (_, args, says) => {
    const { status, stderr } = check(...args);
    expect(stderr).toMatch(/^check-measurement: [^\n]*\n$/);
    expect(stderr).toContain(says);
    expect(status).toBe(2);
  });
});
