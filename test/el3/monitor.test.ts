import { describe, expect, test } from 'vitest';
import {
  EL3_FIDS,
  RMM_BOOT,
  RMM_MANIFEST_VERSIONS,
  RmmManifest,
  type RmmManifestVersion,
} from '../../src/abi/index.ts';
import { toDoublewords } from '../../src/bytes/index.ts';
import { createEl3 } from '../../src/el3/index.ts';
import { DEFAULT_PROFILE, type GptEntry, machineProfile, PhysicalMemory } from '../../src/machine/index.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { FakeHes, setUp, x0 } from './support.ts';

const DRAM = 0x8000_0000n;
const UNK = [x0('E_RMM_UNK')];

describe('granules', () => {
  test('go to the Realm world and back', () => {
    const { smc, memory } = setUp();
    expect(smc('RMM_GTSI_DELEGATE', DRAM)).toEqual([0n]);
    expect(memory.gpt(DRAM)).toBe('GPT_REALM');
    expect(smc('RMM_GTSI_DELEGATE', DRAM)).toEqual([x0('E_RMM_BAD_PAS')]);
    expect(smc('RMM_GTSI_UNDELEGATE', DRAM)).toEqual([0n]);
    expect(memory.gpt(DRAM)).toBe('GPT_NS');
    expect(smc('RMM_GTSI_UNDELEGATE', DRAM)).toEqual([x0('E_RMM_BAD_PAS')]);
  });

  test.each<[string, bigint, 'E_RMM_BAD_ADDR' | 'E_RMM_BAD_PAS']>([
    ['an address inside a granule', DRAM + 1n, 'E_RMM_BAD_ADDR'],
    ['device memory', DEFAULT_PROFILE.device[0]!.base, 'E_RMM_BAD_ADDR'],
    ['memory that does not exist', 0n, 'E_RMM_BAD_ADDR'],
    ['an address beyond the physical address space', 1n << 60n, 'E_RMM_BAD_ADDR'],
    ['memory of the Secure world', DEFAULT_PROFILE.secure[0]!.base, 'E_RMM_BAD_PAS'],
  ])('do not change hands at %s', (_, pa, status) => {
    const { smc, memory } = setUp();
    const before = memory.gpt(pa);
    expect(smc('RMM_GTSI_DELEGATE', pa)).toEqual([x0(status)]);
    expect(smc('RMM_GTSI_UNDELEGATE', pa)).toEqual([x0(status)]);
    expect(memory.gpt(pa)).toBe(before);
  });

  test.each<GptEntry>(['GPT_SECURE', 'GPT_ROOT', 'GPT_AAP'])('in %s stay there', (entry) => {
    const { smc, memory } = setUp();
    memory.setGpt(DRAM, entry);
    expect(smc('RMM_GTSI_DELEGATE', DRAM)).toEqual([x0('E_RMM_BAD_PAS')]);
    expect(smc('RMM_GTSI_UNDELEGATE', DRAM)).toEqual([x0('E_RMM_BAD_PAS')]);
  });

  test('announce each change in the trace', () => {
    const events: TraceEvent[] = [];
    const memory = new PhysicalMemory(machineProfile());
    const el3 = createEl3({ memory, hes: new FakeHes(), trace: (event) => events.push(event) });
    for (const fid of [0xc400_01b0n, 0xc400_01b0n, 0xc400_01b1n]) el3.rmmSmc([fid, DRAM]);
    expect(events).toEqual([
      { type: 'gpt.entry', pa: el3.sharedBuffer, from: 'GPT_ROOT', to: 'GPT_REALM' },
      { type: 'gpt.entry', pa: DRAM, from: 'GPT_NS', to: 'GPT_REALM' },
      { type: 'gpt.entry', pa: DRAM, from: 'GPT_REALM', to: 'GPT_NS' },
    ]);
  });
});

describe('calls that nobody answers', () => {
  test.each([
    ['token signing, which is not enabled', 'RMM_EL3_TOKEN_SIGN'],
    ['memory encryption contexts, which the machine has not', 'RMM_MEC_REFRESH'],
    ['IDE keys', 'RMM_IDE_KEY_PROG'],
  ] as const)('%s', (_, call) => {
    expect(setUp().smc(call, 1n, 2n)).toEqual(UNK);
  });

  test.each([0n, 0xc400_01bcn, 0x8400_01b0n, 0xffff_ffff_c400_01b0n, 0xc402_01b0n])('identifier %s', (fid) => {
    expect(setUp().el3.rmmSmc([fid, DRAM])).toEqual(UNK);
  });

  test('no registers at all', () => {
    expect(setUp().el3.rmmSmc([])).toEqual(UNK);
  });

  test('the SVE hint of an identifier does not matter', () => {
    expect(setUp().el3.rmmSmc([0xc401_01b0n, DRAM])).toEqual([0n]);
  });
});

describe('the boot of the RMM', () => {
  test('begins with the CPU, the version, the number of CPUs, the shared page and no activation token', () => {
    const { el3, page } = setUp({ cpus: 8, interfaceVersion: '0.8' });
    expect(el3.bootArguments()).toEqual([0n, 8n, 8n, page, 0n]);
    expect(setUp().el3.bootArguments()[1]).toBe(0x2_0000n);
    expect(el3.warmBootArguments(3)).toEqual([3n, 0n, 0n, 0n]);
  });

  test('ends with a token for each CPU, which its next boot gets back', () => {
    const { el3 } = setUp({ cpus: 2 });
    const complete = BigInt(EL3_FIDS.RMM_BOOT_COMPLETE.fid);
    expect(el3.rmmSmc([complete, 0n, 0x1111n], 0)).toEqual([]);
    expect(el3.rmmSmc([complete, 0n, 0x2222n], 1)).toEqual([]);
    expect(el3.bootArguments()[4]).toBe(0x1111n);
    expect(el3.warmBootArguments(1)[1]).toBe(0x2222n);
    expect(el3.state.bootFailure).toBe(0n);
  });

  test.each(Object.entries(RMM_BOOT).filter(([, code]) => code !== 0n))(
    'that fails with %s ends all service',
    (_, code) => {
      const { el3, smc } = setUp();
      const x1 = BigInt.asUintN(64, code);
      expect(smc('RMM_BOOT_COMPLETE', x1, 0n)).toEqual([]);
      expect(el3.state.bootFailure).toBe(x1);
      expect(smc('RMM_GTSI_DELEGATE', DRAM)).toEqual(UNK);
      expect(smc('RMM_BOOT_COMPLETE', 0n, 0n)).toEqual(UNK);
      expect(el3.hostSmc([0xc400_0150n])).toEqual({ to: 'host', x: UNK });
      expect(
        el3.fork({ memory: new PhysicalMemory(machineProfile()), hes: new FakeHes() }).hostSmc([0xc400_0150n]).to,
      ).toBe('host');
    },
  );

  test.each(Object.keys(RMM_MANIFEST_VERSIONS) as RmmManifestVersion[])(
    'finds a manifest of version %s',
    (manifestVersion) => {
      const dram = [
        { base: 0x8_8000_0000n, size: 0x8000_0000n },
        { base: 0x8000_0000n, size: 0x4000_0000n },
      ];
      const { el3, memory, page } = setUp({ manifestVersion }, { dram });
      el3.bootArguments();
      const bytes = memory.read(page, 4096);
      const manifest = RmmManifest.decode(bytes);
      expect(manifest.version).toBe(Number(RMM_MANIFEST_VERSIONS[manifestVersion].version));
      expect(manifest.rc_info_version).toBe(manifestVersion === '0.5' ? 1 : 0);
      if (manifestVersion === '0.1') {
        expect(bytes.subarray(4)).toEqual(new Uint8Array(4092));
        return;
      }
      const [count = 0n, address = 0n, checksum = 0n] = manifest.plat_dram;
      const words = toDoublewords(memory.read(address, Number(count) * 16));
      expect(words).toEqual([0x8000_0000n, 0x4000_0000n, 0x8_8000_0000n, 0x8000_0000n]);
      const sum = [count, address, checksum, ...words].reduce((a, b) => a + b, 0n);
      expect(BigInt.asUintN(64, sum)).toBe(0n);
      expect(address & ~0xfffn).toBe(page);
    },
  );
});

describe('an SMC of the Host', () => {
  test.each<[bigint, 'rmm' | 'host']>([
    [0xc400_014fn, 'host'],
    [0xc400_0150n, 'rmm'],
    [0xc400_018fn, 'rmm'],
    [0xc400_0190n, 'host'],
    [0xc400_01b0n, 'host'],
    [0xc400_01cfn, 'host'],
    [0xc400_01d0n, 'rmm'],
    [0xc400_02cfn, 'rmm'],
    [0xc400_02d0n, 'host'],
    [0x8400_0150n, 'host'],
    [0x1_c400_0150n, 'host'],
    [0xc401_0150n, 'rmm'],
  ])('%s goes to the %s', (fid, to) => {
    const { el3 } = setUp();
    const clean = fid & ~0x1_0000n;
    expect(el3.hostSmc([fid, 7n])).toEqual(to === 'rmm' ? { to, x: [clean, 7n] } : { to, x: UNK });
  });

  test('of the second range is not known before interface 2.0', () => {
    const { el3 } = setUp({ interfaceVersion: '1.0' });
    expect([el3.hostSmc([0xc400_01d0n]).to, el3.hostSmc([0xc400_0150n]).to]).toEqual(['host', 'rmm']);
  });

  test('returns five registers before interface 2.0, eight from then on', () => {
    const x = Array.from({ length: 12 }, (_, i) => BigInt(i));
    expect(setUp({ interfaceVersion: '0.8' }).el3.rmiReturn(x)).toEqual([1n, 2n, 3n, 4n, 5n]);
    expect(setUp().el3.rmiReturn(x)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]);
    expect(setUp().el3.rmiReturn([0n, 9n])).toEqual([9n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });
});

test('a machine without a place for the shared page is a mistake of the caller', () => {
  const dram = [{ base: 0n, size: 1n << 32n }];
  const memory = new PhysicalMemory(machineProfile({ pa_width: 32, dram, device: [], secure: [] }));
  expect(() => createEl3({ memory, hes: new FakeHes() })).toThrow(/shared/);
});
