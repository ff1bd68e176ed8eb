import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeCrypto } from '../../src/crypto/node.ts';
import type { FaultModel } from '../../src/fault/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { interop, needs } from './support/context.ts';
import { bootDriver, type DriverGuest, type DriverReport } from './support/linux-guest.ts';
import { attest, converse, scratch, swcca } from './support/swcca.ts';

/** Fault plans in front of the driver of a real kernel: what docs/linux-driver.md tells of them. */
const { linuxGuest, qemu } = interop;
const BOOT_MS = 180_000;
const SIGN_STEPS = 40;
const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
const NO_DEVICE = 'No such device or address';
const INVALID = 'Invalid argument';

let guest: DriverGuest | undefined;
beforeAll(async () => {
  if (!linuxGuest.ready || !qemu.ready) return;
  const rmm = { tokenBufferGranules: 4, signSteps: SIGN_STEPS };
  guest = await bootDriver({ ...linuxGuest, program: qemu.program }, { rmm, faults: { model: 'host', faults: [] } });
}, BOOT_MS);
afterAll(() => guest?.kill());

const driver = (context: Parameters<typeof needs>[0]): DriverGuest => {
  needs(context, linuxGuest);
  needs(context, qemu);
  if (guest === undefined) throw new Error('the guest has not booted');
  return guest;
};

const planOf = (model: FaultModel, fault: string): string => `version: 1\nmodel: ${model}\nfaults:\n  - { ${fault} }\n`;

interface Faced extends DriverReport {
  /** How often the fault acted. */
  readonly fired: number;
  readonly accepted: boolean;
}

/** One report while a plan holds. */
const faced = async (to: DriverGuest, model: FaultModel, fault: string): Promise<Faced> => {
  const session = await to.faults(planOf(model, fault));
  const report = await to.report(CHALLENGE);
  await to.faults(undefined);
  const key = to.platform.hes.status().cpak;
  const { accepted } = verifyToken(report.token, { crypto: nodeCrypto, key, challenge: CHALLENGE });
  return { ...report, accepted, fired: session?.counts.fired.get(0) ?? 0 };
};

const INIT = 'RSI_ATTESTATION_TOKEN_INIT';
const CONTINUE = 'RSI_ATTESTATION_TOKEN_CONTINUE';

describe('the driver under a hostile Host', () => {
  test.for<readonly [string, Partial<Faced>]>([
    [`at: host.smc.${CONTINUE}, act: { interrupt: { polls: 1 } }`, { calls: SIGN_STEPS + 1, fired: SIGN_STEPS + 1 }],
    [`at: host.smc.${CONTINUE}, act: { interrupt: { kind: SERROR, polls: 1 } }`, { calls: SIGN_STEPS + 1 }],
    [`at: host.smc, act: { interrupt: { kind: IRQ } }`, { calls: 1 }],
    [`at: host.smc, act: { interrupt: { kind: FIQ } }`, { calls: 1 }],
    [`at: host.smc.${INIT}, act: { interrupt: { kind: SERROR } }`, { calls: 1, fired: 1 }],
  ])('gets its token all the same: %s', async ([fault, expected], context) => {
    expect(await faced(driver(context), 'host', fault)).toMatchObject({ ...expected, said: '', accepted: true });
  });

  test('cannot turn a CPU on that the Host refuses, and can once it does not', async (context) => {
    const to = driver(context);
    expect(await to.cpu(1, false)).toBe(1);
    await to.faults(planOf('host', 'at: host.psci, act: { reject: true }'));
    expect(await to.cpu(1, true)).toBe(1);
    await to.faults(undefined);
    expect(await to.cpu(1, true)).toBe(2);
  });
});

describe('the driver in front of a broken RMM', () => {
  const STATUSES = [1, 2, 4, -1, 255];

  test(
    'gives EINVAL whatever INIT fails by, and ENXIO whatever CONTINUE fails by, at each of its calls',
    async (context) => {
      const to = driver(context);
      for (const status of STATUSES) {
        const at = await faced(to, 'rmm', `at: rmm.rsi.${INIT}, act: { set: { x0: ${status} } }`);
        expect({ status, ...at }).toMatchObject({ said: INVALID, calls: 0, fired: 1 });
      }
      for (let nth = 1; nth <= 9; nth += 1) {
        // Each call brings 300 bytes, until the one that fails.
        const fault = `at: rmm.rsi.${CONTINUE}, act: { args: { x3: 300 } } }
  - { at: rmm.rsi.${CONTINUE}, when: { nth: ${nth}..99 }, act: { set: { x0: ${STATUSES[nth % STATUSES.length]} } }`;
        const at = await faced(to, 'rmm', fault);
        expect({ nth, ...at }).toMatchObject({ said: NO_DEVICE, token: new Uint8Array() });
        // A call that has to be made again, because the RMM had not got its page yet, counts again.
        expect([Math.max(1, nth - 1), nth]).toContain(at.calls);
      }
      context.task.meta.counted = `${STATUSES.length + 9} places`;
    },
    BOOT_MS,
  );

  test.for<readonly [string, Partial<Faced>]>([
    [`at: rmm.rsi.${INIT}, act: { set: { x1: 0 } }`, { said: INVALID, calls: 0 }],
    [`at: rmm.rsi.${INIT}, act: { args: { x1: 7 } }`, { said: '', accepted: false, calls: 1 }],
    [`at: rmm.rsi.${CONTINUE}, act: { args: { x1: 1 } }`, { said: NO_DEVICE, calls: 1 }],
    [`at: rmm.rsi.${CONTINUE}, act: { args: { x2: 4096 } }`, { said: NO_DEVICE, calls: 1 }],
    [`at: rmm.rsi.${CONTINUE}, when: { nth: 1..5 }, act: { args: { x3: 0 } }`, { accepted: true, fired: 5 }],
    [`at: rmm.rsi.${CONTINUE}, act: { args: { x3: 1 } }`, { accepted: true }],
    ['at: rmm.rsi, act: { set: { x17: 5 } }', { accepted: true, calls: 1 }],
    ['at: rmm.crypto.sign, act: { flip: 3 }', { said: '', accepted: false, calls: 1 }],
    ['at: rmm.crypto.sign, act: { truncate: 5 }', { said: '', accepted: false, calls: 1 }],
    // A signature that is too long makes a token of two granules.
    ['at: rmm.crypto.sign, act: { pad: 4000 }', { said: '', accepted: false, calls: 2 }],
  ])('does as recorded: %s', async ([fault, expected], context) => {
    const to = driver(context);
    const at = await faced(to, 'rmm', fault);
    expect(at).toMatchObject(expected);
    expect(at.fired).toBeGreaterThan(0);
    expect(await to.warnings()).toBe('');
  });

  test('warns where a CONTINUE that was never made is said to have succeeded, and gives nothing', async (context) => {
    const to = driver(context);
    expect(await faced(to, 'rmm', `at: rmm.rsi.${CONTINUE}, act: { skip: true }`)).toMatchObject({
      said: '',
      token: new Uint8Array(),
    });
    expect(await to.warnings()).toContain('arm_cca_report_new');
    expect(await faced(to, 'rmm', `at: rmm.rsi.${INIT}, act: { skip: true }`)).toMatchObject({
      said: 'Cannot allocate memory',
    });
    expect(await to.warnings()).toContain('kvmalloc');
  });

  test('serves the next challenge after all of that, until the Host denies it', async (context) => {
    const to = driver(context);
    expect(await faced(to, 'host', `at: host.smc.${INIT}, when: { nth: 9 }, act: { deny: true }`)).toMatchObject({
      accepted: true,
    });
    await to.faults(planOf('host', `at: host.smc.${INIT}, act: { deny: true }`));
    await expect(to.report(CHALLENGE)).rejects.toThrow(/the Host denies service/);
  });
});

describe('swcca linux --faults', () => {
  test(
    'reaches the driver from HES on: a program reads what HES spoilt, and swcca verify refuses it',
    async (context) => {
      const { image, initrd } = needs(context, linuxGuest);
      const { program } = needs(context, qemu);
      const folder = scratch();
      const [plan, token] = [join(folder, 'plan.yaml'), join(folder, 'token.cbor')];
      writeFileSync(plan, planOf('rmm', 'at: hes.crypto.sign, act: { flip: 9 }'));
      const challenge = Buffer.from(CHALLENGE).toString('hex');
      const machine = ['--kernel', image, '--initrd', initrd, '--qemu', program, '--memory', '256', '--timeout', '170'];
      const run = await converse(
        ['linux', ...machine, '--faults', plan, '-o', token],
        [
          ['READY', `report r ${challenge}\n`],
          ['REPORT r 0', 'off\n'],
        ],
      );
      expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining('the guest took 1 token,') });
      const { directory } = attest();
      const verified = swcca('verify', token, '--key', join(directory, 'cpak.pem'), '--challenge', challenge);
      expect(verified).toMatchObject({ status: 1, stdout: expect.stringContaining('PLATFORM_SIG_INVALID') });
    },
    BOOT_MS,
  );
});
