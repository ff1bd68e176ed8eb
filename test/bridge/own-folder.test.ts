import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeOwnFolder } from '../../src/bridge/index.ts';

const parent = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'swcca-test-own-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
};

/** The folder of a server, as if its owner were another. */
const owned = (place: string, change: Readonly<Record<string, unknown>>): string => {
  const folder = makeOwnFolder(place);
  const owner = join(folder, 'owner');
  writeFileSync(owner, JSON.stringify({ ...JSON.parse(readFileSync(owner, 'utf8')), ...change }));
  writeFileSync(join(folder, 'rsi.sock'), '');
  return folder;
};

describe.skipIf(process.platform !== 'linux')('the folder of a server', () => {
  test('is for this user alone, and stays while its owner lives', () => {
    const place = parent();
    const first = makeOwnFolder(place);
    const second = makeOwnFolder(place);
    expect(statSync(first).mode & 0o777).toBe(0o700);
    expect(statSync(join(first, 'owner')).mode & 0o777).toBe(0o600);
    expect([existsSync(first), existsSync(second), first === second]).toEqual([true, true, false]);
  });

  test('is removed by the next server once its owner is gone, or its number is another process', () => {
    const place = parent();
    const { pid } = spawnSync('true');
    const dead = owned(place, { pid });
    const other = owned(place, { start: '1' });
    makeOwnFolder(place);
    expect([existsSync(dead), existsSync(other)]).toEqual([false, false]);
    expect(readdirSync(place)).toHaveLength(1);
  });

  test('is left alone where nobody can tell', () => {
    const place = parent();
    const { pid } = spawnSync('true');
    const strange = [
      owned(place, { pid, boot: 'another' }),
      owned(place, { pid, namespace: 'pid:[1]' }),
      owned(place, { pid: 'none' }),
    ];
    const bare = join(place, 'swcca-serve-bare');
    mkdirSync(bare);
    const broken = join(place, 'swcca-serve-broken');
    mkdirSync(broken);
    writeFileSync(join(broken, 'owner'), '{');
    const file = join(place, 'swcca-serve-file');
    writeFileSync(file, '');
    const unlike = join(place, 'something-else');
    mkdirSync(unlike);
    makeOwnFolder(place);
    for (const each of [...strange, bare, broken, file, unlike]) expect([each, existsSync(each)]).toEqual([each, true]);
  });
});
