import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '../../src/bytes/index.ts';
import { EXIT } from '../../src/cli/index.ts';
import { scratchFolder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

/** As much of a kernel as is looked at before QEMU is. */
const kernel = (version: string): Uint8Array => {
  const out = new Uint8Array(0x1000);
  new DataView(out.buffer).setBigUint64(16, 0x10_0000n, true);
  out.set(utf8('ARMd'), 56);
  out.set(utf8(`Linux version ${version} (somebody)`), 0x800);
  return out;
};

describe('swcca linux', () => {
  const here = scratchFolder();
  beforeAll(() => {
    here.write('Image', kernel('7.3.4'));
    here.write('old', kernel('6.12.1'));
    here.write('text', 'no kernel\n'.repeat(20));
    here.write('memory.yaml', 'realm: { memory: { base: 0x40000000, size: 256MiB } }\n');
  });
  afterAll(() => here.remove());

  test.each([
    [['linux'], '--kernel is missing'],
    [['linux', '--kernel', 'nowhere'], 'nowhere: cannot be read: no such file or directory'],
    [['linux', '--kernel', 'text'], '--kernel text: is no arm64 kernel Image'],
    [['linux', '--kernel', 'old'], '--kernel old: is Linux 6.12.1: support for Realms came with 6.13'],
    [['linux', '--kernel', 'Image', '--initrd', 'nowhere'], 'nowhere: cannot be read'],
    [['linux', '--kernel', 'Image', '--qemu', './nowhere'], 'there is no ./nowhere: install QEMU'],
    [['linux', '--kernel', 'Image', '--qemu', process.execPath], 'is no QEMU system emulator'],
    [['linux', '--kernel', 'Image', '--realm', 'memory.yaml'], 'memory.yaml: has memory'],
    [['linux', '--kernel', 'Image', '-o', '-'], 'the console is there'],
    [['linux', '--kernel', 'Image', '-o', 'no/token.cbor'], 'no/token.cbor: cannot be written'],
    [['linux', '--kernel', 'Image', '--cpus', '9'], 'is not a whole number from 1 to 8'],
    [['linux', '--kernel', 'Image', '--memory', '32'], 'is not a whole number from 64 to 2048'],
  ])('%j is refused in one line', (args, says) => {
    const { code, out, err } = swcca(args, { cwd: here.path });
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(says);
  });
});
