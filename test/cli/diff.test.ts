import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { head, int, join } from '../support/cbor-writer.ts';
import { forge } from '../support/forge.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const place = () => {
  const wide = join(head(5, 1), head(0, 44234, 4), int(0));
  const here = folder({
    'a.cbor': forge(),
    'b.cbor': forge({ platform: { 2395: int(0x3001) } }),
    'narrow.cbor': join(head(5, 1), int(44234), int(0)),
    'wide.cbor': wide,
    'a.hex': Buffer.from(forge()).toString('hex'),
    'text.txt': 'no token at all',
    'other.cbor': int(1),
  });
  return { ...here, run: (...args: string[]) => swcca(['diff', ...args], { cwd: here.path }) };
};

describe('swcca diff', () => {
  test('is exit code 0 for the same token, in whichever form it is written', () => {
    const { run } = place();
    expect(run('a.cbor', 'a.hex')).toMatchObject({ code: EXIT.ok, out: 'the same bytes\n', err: '' });
    expect(JSON.parse(run('a.cbor', 'a.cbor', '--json').out)).toMatchObject({ same: true, differences: [] });
  });

  test('is exit code 1 for another one, and names what differs', () => {
    const { run } = place();
    const { code, out, err } = run('a.cbor', 'b.cbor');
    expect({ code, err }).toEqual({ code: EXIT.no, err: '' });
    expect(out).toContain('platform/2395: platform token > payload > lifecycle: another value\n');
    const json = JSON.parse(run('a.cbor', 'b.cbor', '--json').out);
    expect(json.differences.map(({ place: at }: { place: string }) => at)).toEqual([
      'platform/2395',
      'platform.signature',
    ]);
  });

  test('takes one of the two from standard input', () => {
    const { at, path } = place();
    const input = readFileSync(at('b.cbor'));
    expect(swcca(['diff', 'a.cbor', '-'], { cwd: path, input }).code).toBe(EXIT.no);
    expect(swcca(['diff', '-', 'b.cbor'], { cwd: path, input }).code).toBe(EXIT.ok);
    const both = swcca(['diff', '-', '-'], { cwd: path, input });
    expect(both).toMatchObject({ code: EXIT.usage, out: '' });
    expect(both.err).toMatch(/^swcca diff: only one of A and B can be standard input/);
  });

  test('counts values alone when it is told to', () => {
    const { run } = place();
    expect(run('narrow.cbor', 'wide.cbor').code).toBe(EXIT.no);
    const values = run('narrow.cbor', 'wide.cbor', '--values');
    expect(values).toMatchObject({ code: EXIT.ok, err: '' });
    expect(values.out).toContain('its key, written otherwise');
    expect(run('a.cbor', 'b.cbor', '--values').code).toBe(EXIT.no);
  });

  test('is exit code 2 when one of them is no token', () => {
    const { run } = place();
    for (const [args, says] of [
      [['a.cbor', 'text.txt'], 'text.txt: holds no CBOR, so no token'],
      [['other.cbor', 'a.cbor'], 'other.cbor: holds CBOR, but no token'],
      [['a.cbor', 'nowhere'], 'nowhere: cannot be read: no such file or directory'],
      [['a.cbor'], 'B is missing: the other one; see swcca diff --help'],
    ] as const) {
      const { code, out, err } = run(...args);
      expect({ code, out, err }).toEqual({ code: EXIT.usage, out: '', err: `swcca diff: ${says}\n` });
    }
  });
});
