import { describe, expect, test } from 'vitest';
import {
  EL3_FIDS,
  EL3_INTERFACE_VERSIONS,
  type El3InterfaceVersion,
  MemoryBank,
  RMM_BOOT,
  RmmManifest,
  type RmmManifestVersion,
  TokenSignRequest,
} from '../../src/abi/index.ts';
import { toDoublewords, toHex } from '../../src/bytes/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import {
  call,
  createVcpu,
  defaultOrder,
  fetchToken,
  type Guest,
  launchRealm,
  PLAN_DEFAULTS,
  type RealmPlan,
  runVcpu,
} from '../../src/host/index.ts';
import type { Platform, PlatformOptions } from '../../src/platform/index.ts';
import { createTokenSigner } from '../../src/rmm/token-signer.ts';
import type { TraceEvent } from '../../src/trace/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { testMachine } from '../support/machine.ts';

const BASE = 0x8000_0000n;
const parts = {
  ripas: [{ base: BASE, size: 0x40_0000n, block: 'auto' as const }],
  loads: [],
  recs: [0, 1].map(() => ({ pc: BASE, gprs: [], runnable: true })),
};
const plan: RealmPlan = {
  ...PLAN_DEFAULTS,
  memory: { base: BASE, size: 0x40_0000n },
  rpv: new Uint8Array(64),
  ...parts,
  order: defaultOrder(parts),
};
const challenge = new Uint8Array(64).fill(0x42);

/** Two RECs of one Realm, each with a guest of its own, run one after the other. */
const realmOf = (platform: Platform) => {
  const realm = launchRealm(platform, plan);
  const run = <T>(rec: number, guest: Guest<T>): T => {
    let result: T | undefined;
    const vcpu = createVcpu(
      realm.recs[rec]!,
      (function* () {
        result = yield* guest;
      })(),
    );
    runVcpu(platform, realm, vcpu);
    return result as T;
  };
  return { realm, run, page: (n: number): bigint => BASE + 0x1000n * BigInt(n) };
};

const attested = (options: Partial<PlatformOptions> = {}): Uint8Array => {
  const { run, page } = realmOf(testMachine(options));
  return run(0, fetchToken(challenge, page(8)));
};

const EL3_SIGNS: Partial<PlatformOptions> = { el3: { tokenSign: true }, rmm: { attestSigning: 'el3' } };

describe('what an RMM needs of EL3', () => {
  /** Releases of the reference RMM, by the interface that each requires (rmm-el3 1.2). */
  const releases: readonly [string, El3InterfaceVersion, RmmManifestVersion][] = [
    ['v0.1.0', '0.1', '0.1'],
    ['v0.3.0', '0.1', '0.2'],
    ['v0.4.0', '0.2', '0.2'],
    ['v0.5.0', '0.2', '0.3'],
    ['v0.6.0', '0.3', '0.3'],
    ['v0.8.0', '0.3', '0.3'],
    ['v0.9.0', '2.0', '0.3'],
  ];
  const versions = Object.keys(EL3_INTERFACE_VERSIONS) as El3InterfaceVersion[];
  const boots = (needs: El3InterfaceVersion, given: El3InterfaceVersion): boolean => {
    const [needMajor, needMinor] = needs.split('.').map(Number);
    const [major, minor] = given.split('.').map(Number);
    return major === needMajor && minor! >= needMinor!;
  };

  test.each(releases)(
    '%s boots on every monitor that is compatible and on no other',
    (_, el3Interface, el3Manifest) => {
      for (const interfaceVersion of versions) {
        const platform = testMachine({ el3: { interfaceVersion }, rmm: { el3Interface, el3Manifest } });
        expect([interfaceVersion, platform.bootProblem]).toEqual([
          interfaceVersion,
          boots(el3Interface, interfaceVersion)
            ? undefined
            : { stage: 'rmm-boot', says: 'the RMM does not boot: E_RMM_BOOT_VERSION_NOT_VALID' },
        ]);
      }
    },
  );

  test.each<[RmmManifestVersion, RmmManifestVersion, boolean]>([
    ['0.3', '0.2', false],
    ['0.3', '0.3', true],
    ['0.3', '0.5', true],
    ['0.1', '0.1', true],
  ])('a manifest of %s, given %s: %s', (el3Manifest, manifestVersion, good) => {
    const { bootProblem } = testMachine({ el3: { manifestVersion }, rmm: { el3Manifest } });
    expect(bootProblem?.says).toBe(
      good ? undefined : 'the RMM does not boot: E_RMM_BOOT_MANIFEST_VERSION_NOT_SUPPORTED',
    );
  });

  test('makes no difference to the token: every pair that boots makes the same bytes', () => {
    const tokens = releases.flatMap(([, el3Interface]) =>
      versions
        .filter((interfaceVersion) => boots(el3Interface, interfaceVersion))
        .map((interfaceVersion) => toHex(attested({ el3: { interfaceVersion }, rmm: { el3Interface } }))),
    );
    expect(new Set(tokens).size).toBe(1);
    expect(tokens.length).toBeGreaterThan(20);
  });

  test('before interface 0.3 is the whole platform token at once', () => {
    const events: TraceEvent[] = [];
    const older = { el3: { interfaceVersion: '0.2', hunks: 100 }, rmm: { el3Interface: '0.2' } } as const;
    testMachine({ ...older, trace: (event) => events.push(event) });
    const asked = events.filter((event) => event.type === 'el3.call' && event.call === 'RMM_ATTEST_GET_PLAT_TOKEN');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ x: [0xc400_01b3n, expect.anything(), 4096n, 32n] });
  });

  test.each([1, 7, 100, 4096])('from 0.3 on is the platform token in hunks of any size: %i', (hunks) => {
    expect(toHex(attested({ el3: { hunks } }))).toBe(toHex(attested()));
  });
});

describe('the boot of the RMM', () => {
  test('goes through every CPU, each of which reports', () => {
    const { el3, bootProblem } = testMachine({ el3: { cpus: 5 } });
    expect([...el3.state.activationTokens.keys()]).toEqual([0, 1, 2, 3, 4]);
    expect(bootProblem).toBeUndefined();
  });

  test('ends with the first CPU that is refused, and no other enters', () => {
    const { el3 } = testMachine({ el3: { cpus: 5 }, rmm: { maxCpus: 4 } });
    expect([...el3.state.activationTokens.keys()]).toEqual([0]);
    expect(BigInt.asIntN(64, el3.state.bootFailure)).toBe(RMM_BOOT.E_RMM_BOOT_CPUS_OUT_OF_RANGE);
  });

  test('refuses a CPU that does not exist, also when it is warm', () => {
    const { rmm, el3 } = testMachine({ el3: { cpus: 2 } });
    rmm.warmBoot([2n, 0n, 0n, 0n], 2n);
    expect(BigInt.asIntN(64, el3.state.bootFailure)).toBe(RMM_BOOT.E_RMM_BOOT_CPU_ID_OUT_OF_RANGE);
  });

  const bank = (base: bigint, size: bigint): Uint8Array => MemoryBank.encode({ base, size });
  /** A manifest whose DRAM list, or list of devices, is this one; its checksum is right unless it is given. */
  const booted = (
    banks: readonly Uint8Array[],
    list: 'plat_dram' | 'plat_coh_region' = 'plat_dram',
    checksum?: bigint,
  ) => {
    const platform = testMachine();
    const { el3, rmm, memory } = platform;
    const args = el3.bootArguments();
    const page = memory.read(el3.sharedBuffer, 4096);
    const at = el3.sharedBuffer + 0x400n;
    banks.forEach((each, i) => {
      page.set(each, 0x400 + 16 * i);
    });
    const words = banks.flatMap((each) => toDoublewords(each));
    const sum = [BigInt(banks.length), at, ...words].reduce((a, b) => a + b, 0n);
    RmmManifest.write(page, { [list]: [BigInt(banks.length), at, checksum ?? BigInt.asUintN(64, -sum)] });
    memory.write(el3.sharedBuffer, page);
    rmm.boot(args);
    const code = BigInt.asIntN(64, el3.state.bootFailure);
    return Object.entries(RMM_BOOT).find(([, value]) => value === code)?.[0];
  };
  const G = 0x4000_0000n;

  test.each<[string, readonly Uint8Array[], string]>([
    ['one bank', [bank(2n * G, G)], 'E_RMM_BOOT_SUCCESS'],
    ['two banks that touch', [bank(2n * G, G), bank(3n * G, G)], 'E_RMM_BOOT_SUCCESS'],
    ['no bank', [], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['a bank at 0', [bank(0n, G)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['a bank of nothing', [bank(2n * G, 0n)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['a base inside a granule', [bank(2n * G + 1n, G)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['half a granule', [bank(2n * G, G + 0x800n)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['banks that overlap', [bank(2n * G, G), bank(2n * G + 0x1000n, G)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['banks that descend', [bank(3n * G, G), bank(2n * G, G)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    ['a bank beyond the address space', [bank(2n * G, 1n << 48n)], 'E_RMM_BOOT_MANIFEST_DATA_ERROR'],
    [
      '129 banks',
      Array.from({ length: 129 }, (_, i) => bank(G + BigInt(i) * 0x1000n, 0x1000n)),
      'E_RMM_BOOT_MANIFEST_DATA_ERROR',
    ],
  ])('with %s of DRAM', (_, banks, name) => {
    expect(booted(banks)).toBe(name);
  });

  test('with a checksum that is wrong ends with E_RMM_BOOT_MANIFEST_DATA_ERROR', () => {
    expect(booted([bank(2n * G, G)], 'plat_dram', 1n)).toBe('E_RMM_BOOT_MANIFEST_DATA_ERROR');
  });

  test('takes device ranges that are there, or are not, and no others', () => {
    expect(booted([bank(G, 0x1000n)], 'plat_coh_region')).toBe('E_RMM_BOOT_SUCCESS');
    expect(booted([bank(0n, 0x1000n)], 'plat_coh_region')).toBe('E_RMM_BOOT_MANIFEST_DATA_ERROR');
    expect(booted([], 'plat_coh_region')).toBe('E_RMM_BOOT_MANIFEST_DATA_ERROR');
  });
});

describe('an RMM whose tokens EL3 signs', () => {
  test('never has the private key', () => {
    const events: TraceEvent[] = [];
    const { rmm } = testMachine({ ...EL3_SIGNS, trace: (event) => events.push(event) });
    expect(rmm.state.attestation?.rak).toBeUndefined();
    expect(events.some((event) => event.type === 'el3.call' && event.call === 'RMM_ATTEST_GET_REALM_KEY')).toBe(false);
  });

  test('makes the same token, byte for byte, as one that signs', () => {
    expect(toHex(attested(EL3_SIGNS))).toBe(toHex(attested()));
  });

  test.each([
    [{ signLatency: 3 }, {}],
    [{ signQueue: 4, signLatency: 99 }, {}],
    [{}, { signSteps: 5 }],
  ])('does so with %o and %o', (el3, rmm) => {
    const options = { el3: { tokenSign: true, ...el3 }, rmm: { attestSigning: 'el3' as const, ...rmm } };
    expect(toHex(attested(options))).toBe(toHex(attested()));
  });

  test('tells the Realm to come back while EL3 takes its time', () => {
    const { run, page } = realmOf(
      testMachine({ el3: { tokenSign: true, signLatency: 250 }, rmm: { attestSigning: 'el3' } }),
    );
    const answers = run(
      0,
      (function* () {
        yield* call('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(challenge));
        const seen: bigint[] = [];
        for (let i = 0; i < 3; i++)
          seen.push((yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page(8), 0n, 0x1000n))[0]!);
        return seen;
      })(),
    );
    expect(answers).toEqual([3n, 3n, 0n]);
  });

  test('drops a response to a request that the Realm has given up', () => {
    const platform = testMachine({
      el3: { tokenSign: true, signQueue: 2, signLatency: 150 },
      rmm: { attestSigning: 'el3' },
    });
    const { run, page } = realmOf(platform);
    const first = run(
      0,
      (function* () {
        yield* call('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(new Uint8Array(64).fill(1)));
        const [status] = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page(8), 0n, 0x1000n);
        return status;
      })(),
    );
    expect(first).toBe(3n);
    const token = run(0, fetchToken(challenge, page(8)));
    const report = verifyToken(token, { crypto: nodeCrypto, key: platform.hes.status().cpak, challenge });
    expect(report).toMatchObject({ accepted: true, findings: [] });
  });

  test('gives a response to the REC that asked, whichever pulls it', () => {
    const platform = testMachine({
      el3: { tokenSign: true, signQueue: 2, signLatency: 120 },
      rmm: { attestSigning: 'el3' },
    });
    const { run, page } = realmOf(platform);
    const start = (fill: number, at: bigint) =>
      (function* (): Guest<bigint> {
        yield* call('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(new Uint8Array(64).fill(fill)));
        return (yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', at, 0n, 0x1000n))[0]!;
      })();
    expect(run(0, start(1, page(8)))).toBe(3n);
    // The second REC pulls what belongs to the first before anything of its own is ready.
    expect(run(1, start(2, page(9)))).toBe(3n);
    expect(
      platform.rmm.state.recsWithTokens().map((rec) => platform.rmm.state.rec(rec).attest.signature !== undefined),
    ).toEqual([true, false]);
    const rest = (at: bigint) =>
      (function* (): Guest<bigint[]> {
        const seen: bigint[] = [];
        do seen.push((yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', at, 0n, 0x1000n))[0]!);
        while (seen.at(-1) === 3n && seen.length < 5);
        return seen;
      })();
    expect(run(0, rest(page(8)))).toEqual([0n]);
    expect(run(1, rest(page(9))).at(-1)).toBe(0n);
  });

  test('goes on in a fork where it is, with tickets of its own', () => {
    const platform = testMachine({ el3: { tokenSign: true, signLatency: 150 }, rmm: { attestSigning: 'el3' } });
    const { run, page, realm } = realmOf(platform);
    run(
      0,
      (function* () {
        yield { access: 'read', ipa: page(8), length: 8 };
        yield* call('RSI_ATTESTATION_TOKEN_INIT', ...toDoublewords(challenge));
        yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page(8), 0n, 0x1000n);
      })(),
    );
    const finish = (machine: Platform): string => {
      const rec = realm.recs[0]!;
      let token = '';
      const vcpu = createVcpu(
        rec,
        (function* () {
          const [status, length = 0n] = yield* call('RSI_ATTESTATION_TOKEN_CONTINUE', page(8), 0n, 0x1000n);
          const { bytes = new Uint8Array() } = yield { access: 'read', ipa: page(8), length: Number(length) };
          token = `${status} ${toHex(bytes)}`;
        })(),
      );
      runVcpu(machine, realm, vcpu);
      return token;
    };
    const fork = platform.fork();
    expect(finish(fork)).toBe(finish(platform));
    expect(finish(platform)).not.toMatch(/^0 /);
  });
});

describe('the token signer', () => {
  test('counts tickets from 1, one for each push, whatever becomes of it', () => {
    const { memory } = testMachine();
    const page = 0x8000_0000n;
    const statuses = [0n, BigInt.asUintN(64, -6n), BigInt.asUintN(64, -1n), 0n];
    const seen: bigint[] = [];
    const signer = createTokenSigner(
      {
        memory,
        smc: (x) => {
          expect(x.slice(0, 4)).toEqual([BigInt(EL3_FIDS.RMM_EL3_TOKEN_SIGN.fid), 1n, page, 0x60n]);
          seen.push(TokenSignRequest.decode(memory.read(page, 0x60)).ticket);
          return [statuses.shift()!];
        },
      },
      page,
    );
    const hash = new Uint8Array(48).fill(9);
    expect([0, 0, 0, 0].map(() => signer.push(0x1000n, hash))).toEqual([1n, 'AGAIN', 'FAILED', 4n]);
    expect(seen).toEqual([1n, 2n, 3n, 4n]);
  });
});
