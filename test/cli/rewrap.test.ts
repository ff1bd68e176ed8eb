import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { scratchFolder } from './support/folder.ts';
import { type Run, swcca } from './support/swcca.ts';

const here = scratchFolder();
const run = (...args: string[]): Run => swcca(args, { cwd: here.path });

beforeAll(() => {
  expect(run('token', '--bundle', 'made').code).toBe(EXIT.ok);
  expect(run('token', '--dialect', 'draft-04', '-o', 'draft.cbor').code).toBe(EXIT.ok);
});
afterAll(() => here.remove());

describe('swcca rewrap', () => {
  test('changes the wrapper and no signature, and comes back', () => {
    expect(run('rewrap', 'made/token.cbor', '--outer', '907', '-o', 'cmw.cbor')).toMatchObject({
      code: EXIT.ok,
      err: '',
      out: expect.stringMatching(
        /^wrote cmw\.cbor: \d+ bytes under tag 907, was under 399; every signature as it was\n$/,
      ),
    });
    expect(run('verify', 'cmw.cbor', '--key', 'made/cpak.pem').code).toBe(EXIT.ok);
    const back = run('rewrap', 'cmw.cbor', '--dialect', 'rmm-1.0');
    expect(back.code).toBe(EXIT.ok);
    expect(back.bytes).toEqual(readFileSync(here.at('made/token.cbor')));
  });

  test('takes the token from standard input, and says in JSON what it did', () => {
    const input = readFileSync(here.at('draft.cbor'));
    const { code, out } = swcca(['rewrap', '-', '--outer', '399', '--json'], { cwd: here.path, input });
    expect(code).toBe(EXIT.ok);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({ rewrapped: true, from: '907', to: '399', dialect: 'draft-04' });
    expect(answer.token).toHaveLength(2 * answer.bytes);
  });

  test.each([
    [
      ['--dialect', 'rmm-2.0'],
      ['platform profile: 2023, not 2024', 'Realm profile: 2023, not 2024', 'MEC policy (44243)'],
    ],
    [['--dialect', 'draft-04'], ['binding claim: 10, not 2408; the platform claims, signed with the CPAK']],
    [
      ['--rak', 'raw'],
      ['form of the RAK (44237): COSE_Key, not raw', 'signed with the RAK and the CPAK'],
    ],
    [['--mec', 'text', '--outer', '907'], ['claim 44243 of the Realm token, signed with the RAK']],
    [['--platform-profile', 'legacy'], ['claim 265 of the platform token, signed with the CPAK']],
    [
      ['--realm-profile', 'legacy'],
      ['Realm profile: 2023, not none; claim 265 of the Realm token, signed with the RAK'],
    ],
  ])('says which signature covers what %j would change, and writes nothing', (args, says) => {
    const { code, out, err } = run('rewrap', 'made/token.cbor', ...args, '-o', 'new.cbor');
    expect({ code, err }).toEqual({ code: EXIT.no, err: '' });
    for (const line of says) expect(out).toContain(line);
    expect(here.names()).not.toContain('new.cbor');
    expect(JSON.parse(run('rewrap', 'made/token.cbor', ...args, '--json').out)).toMatchObject({ rewrapped: false });
  });

  test('does what is asked when the signed parts are so already', () => {
    const args = ['--rak', 'cose-key', '--mec', 'none', '--platform-profile', '2023', '--outer', '907'];
    expect(run('rewrap', 'made/token.cbor', ...args, '-o', 'same.cbor').code).toBe(EXIT.ok);
  });

  test.each([
    [['made/token.cbor'], 'says nothing that should change'],
    [['made/token.cbor', '--outer', '18'], '--outer: "18" is not one of 399, 907'],
    [['made/platform-token.cbor', '--outer', '907'], 'holds no collection of tokens'],
    [['made/cpak.pem', '--outer', '907'], 'is not one whole token'],
    [['made/token.cbor', '--outer', '907', '--json', '-o', '-'], '--json needs standard output for itself'],
  ])('%j is refused in one line', (args, says) => {
    const { code, out, err } = run('rewrap', ...args);
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });
});
