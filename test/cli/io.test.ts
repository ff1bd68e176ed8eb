import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBundlePlace, createBundle } from '../../src/cli/io/bundle.ts';
import { makeFolders } from '../../src/cli/io/folders.ts';
import { progress } from '../../src/cli/io/progress.ts';
import { INPUTS, openPayload, piecesOf, readInput, readText } from '../../src/cli/io/read.ts';
import { parseSize, sizeText } from '../../src/cli/io/size.ts';
import { oneLine, paint, wantsColour } from '../../src/cli/io/terminal.ts';
import { checkWritable, openOutput, writeOutput } from '../../src/cli/io/write.ts';
import { folder } from './support/folder.ts';

describe('reading', () => {
  test('gives the bytes of a file', async () => {
    const { write } = folder();
    expect(await readInput(write('a', Uint8Array.of(1, 2)), INPUTS.token)).toEqual(Uint8Array.of(1, 2));
  });

  test('refuses a file by its size, without reading it', async () => {
    const { write } = folder();
    const huge = write('huge', '');
    truncateSync(huge, 100 * 2 ** 20);
    await expect(readInput(huge, INPUTS.token)).rejects.toThrow(
      'is larger than a token can be (100 MiB, at most 1 MiB)',
    );
    await expect(readInput(huge, INPUTS.key)).rejects.toThrow('(100 MiB, at most 64 KiB)');
  });

  test('stops reading something without a size when it is too much', async () => {
    await expect(readInput('/dev/zero', INPUTS.token)).rejects.toThrow(
      '/dev/zero: is larger than a token can be (at most 1 MiB)',
    );
  });

  test('refuses what is empty, absent or a folder', async () => {
    const { write, at, path } = folder();
    await expect(readInput(write('empty', ''), INPUTS.key)).rejects.toThrow('empty: is empty, a key is needed');
    await expect(readInput(at('absent'), INPUTS.key)).rejects.toThrow(
      'absent: cannot be read: no such file or directory',
    );
    await expect(readInput(path, INPUTS.key)).rejects.toThrow('is a directory, a file is needed');
    await expect(readInput(`${at('empty')}/x`, INPUTS.key)).rejects.toThrow('a part of the path is not a directory');
  });

  test('as text refuses what is not UTF-8', async () => {
    const { write } = folder();
    await expect(readText(write('a', Uint8Array.of(0xff)), INPUTS.text)).rejects.toThrow('is not text (UTF-8)');
  });
});

describe('a payload', () => {
  test('is read in pieces that make up the file', async () => {
    const { write } = folder();
    const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
    const file = await openPayload(write('image', bytes));
    expect(file.size).toBe(10_000);
    expect(file.read(4096, 3)).toEqual(bytes.slice(4096, 4099));
    expect(Buffer.concat([...piecesOf(file, 4096)])).toEqual(Buffer.from(bytes));
    file.close();
  });

  test('that shrinks while it is read is refused', async () => {
    const { write } = folder();
    const path = write('image', new Uint8Array(8192));
    const file = await openPayload(path);
    truncateSync(path, 100);
    expect(() => file.read(4096, 4096)).toThrow('became shorter while it was read');
    file.close();
  });

  test('of more than 1 GiB or of nothing is refused', async () => {
    const { write } = folder();
    const path = write('image', '');
    await expect(openPayload(path)).rejects.toThrow('is empty, a payload is needed');
    truncateSync(path, 2 ** 30 + 1);
    await expect(openPayload(path)).rejects.toThrow('(1 GiB, at most 1 GiB)');
  });
});

describe('writing', () => {
  test('puts the whole file in its place and leaves nothing beside it', () => {
    const { at, names } = folder();
    writeOutput(at('token.cbor'), Uint8Array.of(1));
    writeOutput(at('token.cbor'), 'two');
    expect(readFileSync(at('token.cbor'), 'utf8')).toBe('two');
    expect(names()).toEqual(['token.cbor']);
  });

  test('that is given up leaves what was there', () => {
    const { at, names, write } = folder();
    write('trace', 'before');
    const file = openOutput(at('trace'));
    expect(names()).toEqual(['trace']);
    file.write('after');
    expect(names().length).toBe(2);
    file.discard();
    expect(names()).toEqual(['trace']);
    expect(readFileSync(at('trace'), 'utf8')).toBe('before');
  });

  test('follows a symbolic link', () => {
    const { at, write } = folder();
    write('target', 'before');
    symlinkSync(at('target'), at('link'));
    writeOutput(at('link'), 'after');
    expect(readFileSync(at('target'), 'utf8')).toBe('after');
  });

  test('to a device writes in place', () => {
    writeOutput('/dev/null', 'x');
    expect(existsSync('/dev/null')).toBe(true);
  });

  test('that cannot be finished says so and leaves what was there', () => {
    const { at, path, names } = folder({ token: 'before' });
    const file = openOutput(at('token'));
    file.write('after');
    for (const name of names()) if (name !== 'token') rmSync(join(path, name));
    expect(() => file.commit()).toThrow('token: cannot be written: no such file or directory');
    expect(readFileSync(at('token'), 'utf8')).toBe('before');
  });

  test.runIf(existsSync('/dev/full'))('to a full device fails with its reason', () => {
    expect(() => writeOutput('/dev/full', 'x')).toThrow('/dev/full: cannot be written: no space left on the device');
  });

  test('is refused at once where it cannot succeed', () => {
    const { at, path, write } = folder();
    expect(() => checkWritable(path)).toThrow('is a directory; name a file');
    expect(() => checkWritable(at('no/such'))).toThrow('cannot be written: no such file or directory');
    expect(() => checkWritable(`${write('file', '')}/x`)).toThrow(
      'cannot be written: a part of the path is not a directory',
    );
    expect(() => checkWritable(at('new'))).not.toThrow();
    expect(() => checkWritable('-')).not.toThrow();
  });
});

const writeBundle = (path: string, files: Readonly<Record<string, string>>): void => {
  const bundle = createBundle(path);
  for (const [name, data] of Object.entries(files)) bundle.append(name, data);
  bundle.commit({ seed: '1' });
};

describe('a bundle', () => {
  test('is a folder with its files and their digests, made whole', () => {
    const { at, names } = folder();
    const bundle = createBundle(at('out/demo'));
    expect(names()).toEqual([]);
    bundle.append('trace', 'a');
    bundle.append('endorsements/a', 'x');
    bundle.append('trace', 'b');
    expect(existsSync(at('out/demo'))).toBe(false);
    bundle.commit({ seed: '1' });
    expect(names()).toEqual(['out']);
    const digest = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(JSON.parse(readFileSync(at('out/demo/bundle.json'), 'utf8'))).toEqual({
      seed: '1',
      files: { trace: digest('ab'), 'endorsements/a': digest('x') },
    });
    expect(readFileSync(at('out/demo/trace'), 'utf8')).toBe('ab');
  });

  test('replaces an empty folder or an older bundle', () => {
    const { at, names } = folder();
    mkdirSync(at('demo'));
    writeBundle(at('demo'), { old: '1' });
    writeBundle(at('demo'), { token: '2' });
    expect(readdirSync(at('demo')).sort()).toEqual(['bundle.json', 'token']);
    expect(names()).toEqual(['demo']);
  });

  test('does not replace anything else', () => {
    const { at, write } = folder({ 'mine/file': 'precious', plain: '' });
    expect(() => checkBundlePlace(at('mine'))).toThrow('exists and is not a bundle');
    expect(() => writeBundle(at('plain'), {})).toThrow('is a file');
    writeBundle(at('demo'), { token: '1' });
    write('demo/notes.txt', 'precious');
    expect(() => writeBundle(at('demo'), { token: '2' })).toThrow('notes.txt is not part of the bundle');
    expect(readFileSync(at('demo/notes.txt'), 'utf8')).toBe('precious');
    expect(readFileSync(at('demo/token'), 'utf8')).toBe('1');
  });

  test('that fails or is given up leaves everything as it was', () => {
    const { at, names } = folder();
    const broken = { token: '2', 'token/below': 'a file is in the way' };
    expect(() => writeBundle(at('new/parent/demo'), broken)).toThrow('cannot be written');
    expect(names()).toEqual([]);
    writeBundle(at('demo'), { token: '1' });
    expect(() => writeBundle(at('demo'), broken)).toThrow('cannot be written');
    const given = createBundle(at('demo'));
    given.append('token', '2');
    given.discard();
    expect(readFileSync(at('demo/token'), 'utf8')).toBe('1');
    expect(names()).toEqual(['demo']);
  });
});

describe('folders', () => {
  test('are made with those above them, and the first of them is told', () => {
    const { at } = folder();
    expect(makeFolders(at('one/two/three'))).toBe(at('one'));
    expect(makeFolders(at('one/two/four'))).toBe(at('one/two/four'));
    expect(makeFolders(at('one/two'))).toBeUndefined();
    expect(existsSync(at('one/two/three'))).toBe(true);
  });

  test.runIf(process.platform === 'linux')('end in an error where none can be made', () => {
    expect(() => makeFolders('/proc/none/two')).toThrow('ENOENT');
    expect(() => makeFolders('/proc/self/status/two')).toThrow();
  });
});

describe('sizes', () => {
  test.each([
    ['256MiB', 256n << 20n],
    ['4 KiB', 4096n],
    ['1gib', 1n << 30n],
    ['0x1000', 4096n],
    ['12', 12n],
    ['12MB', undefined],
    ['', undefined],
    ['1.5GiB', undefined],
    ['-1', undefined],
    ['99999999999999999', undefined],
  ])('%j is %s bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test('are shown in the largest unit', () => {
    expect([0, 64, 1536, 1 << 20].map(sizeText)).toEqual(['0 bytes', '64 bytes', '1.5 KiB', '1 MiB']);
  });
});

describe('progress', () => {
  const shown = (isTTY: boolean, steps: readonly (readonly [ms: number, bytes: number])[], total = 100) => {
    let nowMs = 0;
    const written: string[] = [];
    const display = progress('measuring', total, {
      stream: { isTTY, columns: 80, write: (text: string) => written.push(text) },
      nowMs: () => nowMs,
    });
    for (const [ms, bytes] of steps) {
      nowMs += ms;
      display.advance(bytes);
    }
    display.end();
    return written;
  };

  test('of a short operation shows nothing', () => {
    expect(
      shown(true, [
        [100, 10],
        [500, 50],
        [500, 40],
      ]),
    ).toEqual([]);
  });

  test('on a terminal is a bar that goes away at the end', () => {
    const [first, ...rest] = shown(true, [
      [500, 10],
      [10, 1],
      [500, 10],
    ]);
    expect(first).toBe('\r[###.........................] measuring: 10 % of 100 bytes\u001b[K');
    expect(rest).toEqual(['\r[######......................] measuring: 21 % of 100 bytes\u001b[K', '\r\u001b[K']);
  });

  test('of what is counted says what', () => {
    const written: string[] = [];
    let nowMs = 0;
    const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) };
    const display = progress('making tokens', 4, { stream, nowMs: () => nowMs }, (amount) => `${amount} tokens`);
    nowMs = 1000;
    display.advance(1);
    expect(written).toEqual(['\r[#######.....................] making tokens: 25 % of 4 tokens\u001b[K']);
  });

  test('elsewhere is a line for each quarter', () => {
    const steps = Array.from({ length: 10 }, () => [300, 10] as const);
    expect(shown(false, steps)).toEqual([
      'measuring: 30 % of 100 bytes\n',
      'measuring: 50 % of 100 bytes\n',
      'measuring: 80 % of 100 bytes\n',
      'measuring: 100 % of 100 bytes\n',
    ]);
  });
});

describe('the terminal', () => {
  test('is coloured as NO_COLOR, FORCE_COLOR and TERM say', () => {
    expect(wantsColour(true, {})).toBe(true);
    expect(wantsColour(false, {})).toBe(false);
    expect(wantsColour(true, { NO_COLOR: '1' })).toBe(false);
    expect(wantsColour(true, { NO_COLOR: '' })).toBe(true);
    expect(wantsColour(false, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(true);
    expect(wantsColour(true, { FORCE_COLOR: '0' })).toBe(false);
    expect(wantsColour(true, { TERM: 'dumb' })).toBe(false);
    expect(paint(true).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(paint(false).red('x')).toBe('x');
  });

  test('gets no control characters from names', () => {
    expect(oneLine('a\nb\u001b[31m\u2028')).toBe('a b\\x1b[31m\\x2028');
  });
});
