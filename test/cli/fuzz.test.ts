import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assemble, createPlayer, encodeScript, seeds } from '../../src/response/index.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const script = (text: string): Uint8Array => encodeScript(assemble(text));

/** A recording, as the C client makes one, of calls that a script answers. */
const recordingOf = (text: string, calls: readonly (readonly bigint[])[]): Uint8Array => {
  const player = createPlayer(assemble(text));
  const frame = (x: readonly bigint[]): Buffer => {
    const bytes = Buffer.alloc(144);
    x.forEach((value, n) => {
      bytes.writeBigUInt64LE(value, 8 * n);
    });
    return bytes;
  };
  return Buffer.concat([Buffer.from('SWCCARC1'), ...calls.flatMap((x) => [frame(x), frame(player.call(x).x)])]);
};
const CALLS = [
  [0xc400_0194n, 1n],
  [0xc400_0195n, 0x8000_1000n, 0n, 4096n],
];

describe('swcca fuzz', () => {
  test('seeds writes scripts and a dictionary into a new folder', () => {
    const scratch = folder();
    const { code, out } = swcca(['fuzz', 'seeds', '--out', 'new'], { cwd: scratch.path });
    expect({ code, out: out.split('\n')[0] }).toEqual({
      code: 0,
      out: `wrote ${seeds().size} scripts to new/scripts and a dictionary, new/swcca.dict`,
    });
    expect(readdirSync(scratch.at('new/scripts')).sort()).toEqual([...seeds().keys()].sort());
    for (const [name, seed] of seeds())
      expect(readFileSync(scratch.at(`new/scripts/${name}`))).toEqual(Buffer.from(encodeScript(seed)));
    const again = swcca(['fuzz', 'seeds', '--out', 'new'], { cwd: scratch.path });
    expect(again).toMatchObject({
      code: 2,
      out: '',
      err: 'swcca fuzz: new: exists and is not empty; name another folder\n',
    });
    expect(scratch.names()).toEqual(['new']);
  });

  test('assemble makes bytes of a text, and show takes both', () => {
    const text = '# odd\nresponse script 1\ncontinue length 4097\n';
    const scratch = folder({ 'odd.txt': text });
    expect(swcca(['fuzz', 'assemble', 'odd.txt', '-o', 'odd.bin'], { cwd: scratch.path }).code).toBe(0);
    expect(readFileSync(scratch.at('odd.bin'))).toEqual(Buffer.from(script(text)));
    expect(swcca(['fuzz', 'assemble', '-'], { input: text }).bytes).toEqual(Buffer.from(script(text)));
    const ofText = swcca(['fuzz', 'show', 'odd.txt'], { cwd: scratch.path });
    expect(swcca(['fuzz', 'show', 'odd.bin'], { cwd: scratch.path }).out).toBe(ofText.out);
    expect(ofText.out).toContain(
      '   2  RSI_ATTESTATION_TOKEN_CONTINUE addr 0x80000000 offset 0 size 4096 => RSI_SUCCESS, X1 4097\n',
    );
    expect(ofText.out).toContain('rmm    it takes a broken or hostile RMM: X1 is not what came');
    expect(ofText.out).toContain('fault model rmm: 1 of 2 answers take a broken or hostile RMM');
  });

  test('import writes a script that runs, and a trace that reads', () => {
    const scratch = folder({ crash: script('continue wait times 3') });
    const run = swcca(['fuzz', 'import', 'crash', '--script', 'c.swcca', '--trace', 'c.ndjson', '--json'], {
      cwd: scratch.path,
    });
    expect(run.code).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ model: 'host', end: { kind: 'token' }, calls: { length: 5 } });
    expect(swcca(['script', 'c.swcca'], { cwd: scratch.path }).code).toBe(0);
    expect(swcca(['trace', 'c.ndjson'], { cwd: scratch.path }).out).toContain('response.host: continue wait times 3');
    expect(scratch.names()).toEqual(['c.ndjson', 'c.swcca', 'crash']);
  });

  test('import takes the calls of a recording', () => {
    const scratch = folder({
      crash: script('continue more 1'),
      rec: recordingOf('continue more 1', CALLS),
      other: recordingOf('', CALLS),
    });
    const run = swcca(['fuzz', 'import', 'crash', '--calls', 'rec', '--script', '-'], { cwd: scratch.path });
    expect(run.out).toContain('rsi ATTESTATION_TOKEN_INIT hex"01" => SUCCESS');
    expect(run.out).toContain('# call 2: RSI_SUCCESS, X1 4097; it takes a broken or hostile RMM: X1 is not what came');
    expect(swcca(['fuzz', 'import', 'crash', '--calls', 'other', '--script', '-'], { cwd: scratch.path }).err).toBe(
      'swcca fuzz: other: call 2 was not answered as this script answers it\n',
    );
  });

  test.each([
    [['nothing'], 'there is no nothing: run, seeds, show, import'],
    [['seeds'], 'seeds needs --out DIR, a new folder'],
    [['seeds', 'x', '--out', 'y'], 'seeds takes no file'],
    [['show'], 'show takes a file'],
    [['show', 'x', '--out', 'y'], '--out is an option of run and seeds'],
    [['show', 'none'], 'none: cannot be read'],
    [['show', 'rec'], 'rec: is a recording of calls; name the script, and give the recording to --calls'],
    [['show', 'newer'], 'newer: is a response script of version 7; this swcca reads version 1'],
    [['show', 'odd.txt'], 'odd.txt: line 2: continue has no act "nothing"'],
    [['show', 'any', '--calls', 'any'], 'any: is no recording of the C client'],
    [['import', 'any'], 'import writes --script FILE, --trace FILE or both; name one'],
    [['import', 'any', '--script', '-', '--json'], 'standard output takes one of --script -, --trace - and --json'],
    [['import', 'any', '--script', 'no/folder'], 'no/folder: cannot be written'],
    [['assemble', 'any'], 'any: is not text (UTF-8), a response script is needed'],
  ])('%j is wrong use: one line, and nothing is left', (args, says) => {
    const scratch = folder({
      any: Uint8Array.of(0xff, 0xff),
      rec: recordingOf('', CALLS),
      newer: Uint8Array.of(0x52, 0x53, 0x49, 7),
      'odd.txt': 'response script 1\ncontinue nothing\n',
    });
    const before = scratch.names();
    const { code, out, err } = swcca(['fuzz', ...args], { cwd: scratch.path });
    expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
    expect(err).toContain(`swcca fuzz: ${says}`);
    expect(scratch.names()).toEqual(before);
    expect(existsSync(scratch.at('y'))).toBe(false);
  });
});
