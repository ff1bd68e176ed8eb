import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../src/bytes/index.ts';
import { PLAN_DEFAULTS } from '../../src/host/index.ts';
import { KernelUnusable, readKernelImage } from '../../src/linux/image.ts';
import { linuxPlan, RealmTooSmall } from '../../src/linux/plan.ts';

const image = ({ version = '7.3.4', flags = 0xan, size = 0x20_0000n, textOffset = 0n } = {}): Uint8Array => {
  const out = new Uint8Array(0x1000);
  const view = new DataView(out.buffer);
  view.setBigUint64(8, textOffset, true);
  view.setBigUint64(16, size, true);
  view.setBigUint64(24, flags, true);
  out.set(utf8('ARMd'), 56);
  out.set(utf8(`Linux version ${version} (somebody)`), 0x800);
  return out;
};

const zboot = (payload: Uint8Array, by = 'gzip'): Uint8Array => {
  const head = new Uint8Array(64);
  head.set(utf8('zimg'), 4);
  head.set(utf8(by), 24);
  new DataView(head.buffer).setUint32(8, 64, true);
  new DataView(head.buffer).setUint32(12, payload.length, true);
  return concatBytes(head, payload);
};

describe('a kernel', () => {
  test.each<readonly [string, Uint8Array]>([
    ['as it is', image()],
    ['compressed by gzip', gzipSync(image())],
    ['inside an EFI zboot executable', zboot(gzipSync(image()))],
    ['inside one that is compressed again', gzipSync(zboot(gzipSync(image())))],
  ])('is read %s', (_, file) => {
    const kernel = readKernelImage(file);
    expect(kernel.bytes).toEqual(image());
    expect(kernel).toMatchObject({ version: '7.3.4', size: 0x20_0000n, textOffset: 0n });
  });

  test.each<readonly [string, Uint8Array, string]>([
    ['of x86', concatBytes(utf8('MZ'), new Uint8Array(200)), 'no arm64 kernel Image'],
    ['that is empty', new Uint8Array(), 'too short'],
    ['that is cut short', image().subarray(0, 60), 'too short'],
    ['that is too old', image({ version: '6.12.9-arm64' }), 'is Linux 6.12.9-arm64: support for Realms came with 6.13'],
    ['that is much too old', image({ version: '5.19' }), 'is Linux 5.19'],
    ['of big-endian', image({ flags: 0xbn }), 'big-endian'],
    ['of a size that cannot be', image({ size: 5n }), 'believable'],
    ['of broken gzip', concatBytes(Uint8Array.of(0x1f, 0x8b), new Uint8Array(100)), 'broken'],
    ['inside zboot with zstd', zboot(new Uint8Array(100), 'zstd'), 'compressed by zstd'],
  ])('%s is refused in one sentence', (_, file, says) => {
    expect(() => readKernelImage(file)).toThrow(KernelUnusable);
    expect(() => readKernelImage(file)).toThrow(says);
  });

  test('whose banner is nowhere is taken as it is', () => {
    const bytes = image();
    bytes.fill(0, 0x800);
    expect(readKernelImage(bytes).version).toBeUndefined();
  });
});

describe('the Realm of a kernel', () => {
  const { hash, features } = PLAN_DEFAULTS;
  const wanted = {
    kernel: readKernelImage(image({ size: 0x30_0000n, textOffset: 0x8_0000n })),
    initrd: new Uint8Array(0x1800),
    cmdline: 'quiet',
    cpus: 3,
    memoryMib: 64,
    realm: { hash, features, rpv: new Uint8Array(64) },
  } as const;

  test('has kernel, RAM disk and devicetree apart from each other, and one REC that may run', () => {
    const { loads, recs, memory, ripas } = linuxPlan(wanted);
    expect(loads.map(({ name, at }) => [name, at])).toEqual([
      ['kernel', 0x4028_0000n],
      ['initrd', 0x4060_0000n],
      ['devicetree', 0x4080_0000n],
    ]);
    expect(recs.map(({ pc, runnable }) => [pc, runnable])).toEqual([
      [0x4028_0000n, true],
      [0n, false],
      [0n, false],
    ]);
    expect(recs[0]?.gprs).toEqual([0x4080_0000n]);
    expect(ripas).toEqual([{ ...memory, block: 'auto' }]);
  });

  test('is refused when its memory is too small', () => {
    const initrd = new Uint8Array(64 << 20);
    expect(() => linuxPlan({ ...wanted, initrd })).toThrow(RealmTooSmall);
    expect(() => linuxPlan({ ...wanted, initrd })).toThrow('take 71 MiB');
  });
});
