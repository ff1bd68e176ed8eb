import { describe, expect, test } from 'vitest';
import { fromUtf8 } from '../../src/bytes/index.ts';
import { flattenTree } from '../../src/linux/device-tree.ts';
import { machineTree } from '../../src/linux/machine-tree.ts';

/** Paths of a blob and the bytes of each property, read by the Devicetree Specification, chapter 5. */
const read = (blob: Uint8Array): ReadonlyMap<string, Uint8Array> => {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const word = (at: number): number => view.getUint32(at);
  const text = (at: number): string => fromUtf8(blob.subarray(at, blob.indexOf(0, at))) ?? '';
  expect([word(0), word(4), word(20), word(24)]).toEqual([0xd00dfeed, blob.length, 17, 16]);
  expect(word(12) + word(32)).toBe(blob.length);
  const found = new Map<string, Uint8Array>();
  const path: string[] = [];
  let at = word(8);
  const end = at + word(36);
  for (;;) {
    const token = word(at);
    at += 4;
    if (token === 1) {
      const name = text(at);
      path.push(name);
      at += (name.length + 4) & ~3;
    } else if (token === 2) path.pop();
    else if (token === 3) {
      const length = word(at);
      found.set(`${path.join('/')}:${text(word(12) + word(at + 4))}`, blob.slice(at + 8, at + 8 + length));
      at += 8 + ((length + 3) & ~3);
    } else {
      expect([token, at, path]).toEqual([9, end, []]);
      return found;
    }
  }
};

const cells = (...values: number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, n) => {
    view.setUint32(4 * n, value);
  });
  return new Uint8Array(view.buffer);
};

describe('a devicetree', () => {
  test('holds cells, wide numbers, strings and nothing, each where it belongs', () => {
    const tree = read(
      flattenTree({
        properties: { a: [1, 2], empty: [], text: ['x', 'yz'] },
        nodes: { child: { properties: { a: [0x1_2345_6789n] }, nodes: { deep: { properties: { text: [''] } } } } },
      }),
    );
    expect(tree).toEqual(
      new Map([
        [':a', cells(1, 2)],
        [':empty', new Uint8Array()],
        [':text', new TextEncoder().encode('x\0yz\0')],
        ['/child:a', cells(1, 0x2345_6789)],
        ['/child/deep:text', Uint8Array.of(0)],
      ]),
    );
  });

  test('tells a kernel of its memory, CPUs, conduit, command line and RAM disk', () => {
    const initrd = { base: 0x4600_0000n, size: 0x1234n };
    const memory = { base: 0x4000_0000n, size: 0x2000_0000n };
    const tree = read(machineTree({ memory, cpus: 2, cmdline: 'quiet', initrd }));
    expect(tree.get('/memory@40000000:reg')).toEqual(cells(0, 0x4000_0000, 0, 0x2000_0000));
    expect(tree.get('/cpus/cpu@1:reg')).toEqual(cells(1));
    expect(tree.has('/cpus/cpu@2:reg')).toBe(false);
    expect(tree.get('/psci:method')).toEqual(new TextEncoder().encode('smc\0'));
    expect(tree.get('/chosen:bootargs')).toEqual(new TextEncoder().encode('quiet\0'));
    expect(tree.get('/chosen:linux,initrd-end')).toEqual(cells(0, 0x4600_1234));
  });

  test('does not speak of a RAM disk that is not there', () => {
    const memory = { base: 0x4000_0000n, size: 0x1000_0000n };
    const names = [...read(machineTree({ memory, cpus: 1, cmdline: '', initrd: undefined })).keys()];
    expect(names.filter((name) => name.includes('initrd'))).toEqual([]);
  });
});
