import { describe, expect, test } from 'vitest';
import { E_RMM } from '../../src/abi/index.ts';
import { toHex } from '../../src/bytes/index.ts';
import { choose } from '../../src/personality/index.ts';
import type { PlatformSettings } from '../../src/platform/index.ts';
import { outcomeOf, planText } from './support/run.ts';

const plan = (...faults: readonly string[]): string => `version: 1\nmodel: rmm\nfaults: [${faults.join(', ')}]\n`;

const NO_ATTESTATION = { token: undefined, missing: 0, refusal: expect.stringContaining('RSI_ERROR_UNKNOWN') };
const UNK = `${E_RMM.E_RMM_UNK}`;
const el3Signs: Partial<PlatformSettings> = { el3: { tokenSign: true }, rmm: { attestSigning: 'el3' } };
const anyChallenge: Partial<PlatformSettings> = { hes: { challengeCheck: false } };

test('without faults the token is accepted', async () => {
  for (const settings of [{}, el3Signs, anyChallenge]) {
    expect(await outcomeOf(plan(), settings).catch(String)).toMatchObject({ findings: [], report: { accepted: true } });
  }
});

describe('H1, the key service times out', () => {
  test('the RMM sees UNK and has no key; no token can be asked for', async () => {
    const outcome = await outcomeOf(planText('h01-key-timeout'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no realm key' });
    expect(outcome.el3).toContain(`RMM_ATTEST_GET_REALM_KEY ${UNK}`);
  });
});

describe('H2, the key is no key', () => {
  const order = 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973';

  test.each([
    ['zero', planText('h02-key-is-zero')],
    [
      'the order of the curve',
      plan(`{ at: el3.RMM_ATTEST_GET_REALM_KEY, act: { write: { at: 0, hex: "${order}" } } }`),
    ],
    ['47 bytes long', plan('{ at: el3.RMM_ATTEST_GET_REALM_KEY, act: { set: { x1: 47 } } }')],
    ['49 bytes long', plan('{ at: el3.RMM_ATTEST_GET_REALM_KEY, act: { set: { x1: 49 } } }')],
  ])('%s: the RMM cannot import it', async (_, text) => {
    expect(await outcomeOf(text)).toMatchObject({
      ...NO_ATTESTATION,
      problem: 'the realm key is no scalar of P-384',
    });
  });

  test('longer than any key: the RMM does not even look', async () => {
    const text = plan('{ at: el3.RMM_ATTEST_GET_REALM_KEY, act: { set: { x1: 1024 } } }');
    expect(await outcomeOf(text)).toMatchObject({ ...NO_ATTESTATION, problem: 'the realm key is too long' });
  });

  test.each([47, 49])('of %i bytes from HES: EL3 does not pass it on', async (size) => {
    const act = size < 48 ? `{ truncate: ${size} }` : '{ pad: 1 }';
    const outcome = await outcomeOf(plan(`{ at: hes.getDelegatedKey, act: ${act} }`));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no realm key' });
  });
});

describe('H3, EL3 is busy', () => {
  test('five times: the RMM asks again at once, counts, and nothing else shows', async () => {
    const outcome = await outcomeOf(planText('h03-token-again'));
    expect(outcome).toMatchObject({ problem: undefined, missing: 0, findings: [], report: { accepted: true } });
    expect(outcome.events).toContainEqual(
      expect.objectContaining({ type: 'rmm.boot', detail: expect.objectContaining({ retries: 5 }) }),
    );
  });

  test('for ever: the machine ends what the RMM would not, and says how often', async () => {
    const text = plan('{ at: el3.RMM_ATTEST_GET_PLAT_TOKEN, act: { status: E_RMM_AGAIN } }');
    const outcome = await outcomeOf(text);
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 was busy 1000 times' });
    expect(outcome.platform.rmm.state.attestationFailure).toMatchObject({ error: 'EINVAL', retries: 1001 });
  });

  test('for the key: the RMM does not ask again', async () => {
    const text = plan('{ at: el3.RMM_ATTEST_GET_REALM_KEY, when: { nth: 1 }, act: { status: E_RMM_AGAIN } }');
    expect(await outcomeOf(text)).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no realm key' });
  });
});

describe('H4, HES has no key when it is asked for the token', () => {
  test('the RMM sees UNK; no token can be asked for, though the RMM has a key', async () => {
    const outcome = await outcomeOf(planText('h04-token-before-key'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no platform token' });
    expect(outcome.el3).toContain(`RMM_ATTEST_GET_PLAT_TOKEN ${UNK}`);
    expect(outcome.events).toContainEqual(
      expect.objectContaining({ type: 'hes.platform_token', result: 'PSA_ERROR_INVALID_ARGUMENT' }),
    );
  });
});

describe('H5, the challenge is not the hash of the key', () => {
  const variants: readonly [string, string][] = [
    ['one bit is another', planText('h05-challenge-bit')],
    [
      'another hash algorithm made it',
      plan('{ at: hes.getPlatformToken, act: { rehash: { form: cose-key, algorithm: sha-384 } } }'),
    ],
    [
      'it hashes the bare point',
      plan('{ at: hes.getPlatformToken, act: { rehash: { form: raw, algorithm: sha-256 } } }'),
    ],
  ];

  test.each(variants)('%s: a HES that looks refuses, and the RMM sees UNK', async (_, text) => {
    const outcome = await outcomeOf(text);
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no platform token' });
    expect(outcome.el3).toContain(`RMM_ATTEST_GET_PLAT_TOKEN ${UNK}`);
  });

  test.each(variants)(
    '%s: a HES that does not look signs it, and the verifier finds the binding broken',
    async (_, text) => {
      const outcome = await outcomeOf(text, anyChallenge);
      expect(outcome).toMatchObject({ problem: undefined, missing: 0, report: { accepted: false } });
      expect(outcome.findings).toEqual(['BINDING_MISMATCH']);
    },
  );
});

describe('H6, the pieces of the platform token lie', () => {
  const at = (act: string, nth = 1): string =>
    plan(`{ at: el3.RMM_ATTEST_GET_PLAT_TOKEN, when: { nth: ${nth} }, act: ${act} }`);

  test('it ends early: the RMM keeps what it got, and the verifier cannot read it', async () => {
    const outcome = await outcomeOf(planText('h06-token-cut'));
    expect(outcome).toMatchObject({ problem: undefined, missing: 0, report: { accepted: false } });
    expect(outcome.platform.rmm.state.attestation?.platformToken).toHaveLength(100);
    expect(outcome.findings).toContain('CBOR_MALFORMED');
  });

  test('more remains than the RMM has room for: it gives up', async () => {
    const outcome = await outcomeOf(at('{ set: { x2: 4096 } }'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'the platform token is too long' });
    expect(outcome.platform.rmm.state.attestationFailure?.error).toBe('ENOMEM');
  });

  test('a piece is larger than what was asked for: it gives up', async () => {
    const outcome = await outcomeOf(at('{ set: { x1: 4081 } }'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave more than there was room for' });
  });

  test('a piece is empty: it gives up', async () => {
    const outcome = await outcomeOf(at('{ set: { x1: 0, x2: 10 } }'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave an empty piece of the platform token' });
  });

  test('nothing remains though it does: the last pieces are missing', async () => {
    const outcome = await outcomeOf(at('{ set: { x2: 0 } }', 2), { el3: { hunks: 400 } });
    expect(outcome.platform.rmm.state.attestation?.platformToken).toHaveLength(800);
    expect(outcome.findings).toContain('CBOR_MALFORMED');
  });

  test('a bit turns over on the way: the verifier refuses the signature', async () => {
    const outcome = await outcomeOf(at('{ write: { at: 1000, hex: "00" } }'));
    expect(outcome.findings).toEqual(['PLATFORM_SIG_INVALID']);
  });
});

describe('H7, the token is larger than RSE makes one', () => {
  test('HES has no room for it, and the RMM sees UNK', async () => {
    const outcome = await outcomeOf(planText('h07-token-too-large'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no platform token' });
    expect(outcome.events).toContainEqual(
      expect.objectContaining({ type: 'hes.platform_token', result: 'PSA_ERROR_BUFFER_TOO_SMALL' }),
    );
  });
});

describe('H8, nothing was measured', () => {
  test('HES makes no key of nothing, and the RMM sees UNK', async () => {
    const outcome = await outcomeOf(planText('h08-nothing-measured'));
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 gave no realm key' });
    expect(outcome.events).toContainEqual(
      expect.objectContaining({ type: 'hes.delegated_key', result: 'PSA_ERROR_INVALID_ARGUMENT' }),
    );
  });
});

describe('H9, a measurement is refused', () => {
  test('the image is not started: boot stops before the RMM, and the Host reaches nobody', async () => {
    const outcome = await outcomeOf(planText('h09-measurement-refused'));
    expect(outcome).toMatchObject({
      problem: 'HES does not measure AP_BL2 into slot 10: PSA_ERROR_BAD_STATE',
      token: undefined,
      missing: 0,
    });
    expect(outcome.el3).toEqual([]);
    expect(outcome.platform.smc([0xc400_0150n]).kind).toBe('return');
    expect(outcome.refusal).toContain('the monitor does not answer');
  });

  test('a reset of the application processor alone does that by itself: what is locked refuses, the rest is extended', async () => {
    const { platform } = await outcomeOf(plan());
    const before = platform.hes.status().slots;
    platform.hes.apReset();
    const { slots, refused } = platform.hes.status();
    expect(refused).toEqual([]);
    for (const slot of [8, 14]) {
      expect(toHex(slots[slot]!.measurement_value)).not.toBe(toHex(before[slot]!.measurement_value));
      expect([slots[slot]?.version, slots[slot]?.sw_type]).toEqual(['', '']);
    }
    expect(slots.slice(0, 6)).toEqual(before.slice(0, 6));
  });
});

describe('H10, firmware changes and the RMM does not start again', () => {
  test('the token is stale: every check passes, and HES knows better', async () => {
    const outcome = await outcomeOf(planText('h10-stale-token'));
    expect(outcome).toMatchObject({ problem: undefined, missing: 0, findings: [], report: { accepted: true } });
    const shown = outcome.report?.claims.platform?.sw_components?.find((each) => each.component_type === 'RMM');
    expect(shown?.version).toBe('1.0.0');
    const { slots, epoch } = outcome.platform.hes.status();
    expect(epoch).toEqual({ boot: 0, lfa: 1 });
    expect(toHex(slots[14]!.measurement_value)).not.toBe(toHex(shown!.measurement_value!));
    expect(outcome.platform.hes.memory()?.log.at(-1)).toMatchObject({
      op: 'activate',
      result: 'LFA_SUCCESS',
      slot: 14,
    });
  });
});

describe('H11, something is measured between key and token', () => {
  test('the token is newer than the key: it shows what the key does not depend on, and verifies', async () => {
    const outcome = await outcomeOf(planText('h11-extend-between'));
    expect(outcome).toMatchObject({ problem: undefined, missing: 0, findings: [], report: { accepted: true } });
    const components = outcome.report?.claims.platform?.sw_components ?? [];
    expect(components.at(-1)).toMatchObject({ component_type: 'LATE' });
    const plain = await outcomeOf(plan());
    const rakOf = ({ report }: typeof plain): string => toHex(report?.claims.realm?.public_key ?? new Uint8Array());
    expect(rakOf(outcome)).toBe(rakOf(plain));
    expect(components).toHaveLength((plain.report?.claims.platform?.sw_components?.length ?? 0) + 1);
  });
});

describe('H12, the CPAK is that of another chip', () => {
  test('the binding holds, since the group shares the RAK, and the verifier refuses the signature', async () => {
    const outcome = await outcomeOf(planText('h12-other-cpak'));
    expect(outcome).toMatchObject({ problem: undefined, missing: 0, report: { accepted: false } });
    expect(outcome.findings).toEqual(['PLATFORM_SIG_INVALID']);
    expect(outcome.report?.checks.find(({ name }) => name === 'binding')?.outcome).toBe('passed');
  });
});

describe('H13, the claims are not those of the profile', () => {
  test.each([
    ['h13-implementation-id', ['CLAIM_SIZE']],
    ['h13-claim-missing', ['CLAIM_MISSING']],
    ['h13-claim-twice', ['CBOR_DUPLICATE_KEY']],
    ['h13-lifecycle-undefined', ['LIFECYCLE_UNDEFINED']],
  ])('%s: the RMM sees nothing, and the verifier says %j', async (name, findings) => {
    const outcome = await outcomeOf(planText(name));
    expect(outcome).toMatchObject({ problem: undefined, missing: 0, report: { accepted: false } });
    expect(outcome.findings).toEqual(findings);
  });
});

describe('H14, the token-sign queue', () => {
  test('is full three times: the RMM pushes on later steps, and nothing else shows', async () => {
    const outcome = await outcomeOf(planText('h14-queue-full'), el3Signs);
    expect(outcome).toMatchObject({ missing: 0, findings: [], report: { accepted: true } });
  });

  test('gives back another ticket: the response is dropped, and no signature ever comes', async () => {
    const outcome = await outcomeOf(planText('h14-wrong-ticket'), el3Signs);
    expect(outcome).toMatchObject(NO_ATTESTATION);
  });

  test('gives back another cookie: the response is for a REC that does not exist, and is dropped', async () => {
    const text = plan(
      '{ at: el3.RMM_EL3_TOKEN_SIGN.PULL_RESP, when: { nth: 1 }, act: { write: { at: 0, hex: "00f0ff8f00000000" } } }',
    );
    expect(await outcomeOf(text, el3Signs)).toMatchObject(NO_ATTESTATION);
  });

  test('gives back more bytes than there is room for: the operation fails', async () => {
    const outcome = await outcomeOf(planText('h14-signature-too-long'), el3Signs);
    expect(outcome).toMatchObject(NO_ATTESTATION);
  });

  test.each([
    ['h14-signature-short', 95],
    ['none at all', 0],
  ])(
    'gives back a signature that is too short, %s: the RMM takes it, and the verifier does not',
    async (name, size) => {
      const none = plan(
        '{ at: el3.RMM_EL3_TOKEN_SIGN.PULL_RESP, when: { nth: 1 }, act: { write: { at: 16, hex: "0000" } } }',
      );
      const outcome = await outcomeOf(size === 0 ? none : planText(name), el3Signs);
      expect(outcome).toMatchObject({ refusal: undefined, missing: 0, report: { accepted: false } });
      expect(outcome.findings).toEqual(['REALM_SIG_SIZE']);
    },
  );

  test.each(['PUSH_REQ', 'PULL_RESP'])('refuses %s: the RMM answers RSI_ERROR_UNKNOWN', async (op) => {
    const text = plan(`{ at: el3.RMM_EL3_TOKEN_SIGN.${op}, act: { status: E_RMM_UNK } }`);
    expect(await outcomeOf(text, el3Signs)).toMatchObject(NO_ATTESTATION);
  });

  test('fails in the reference RMM by the same answer', async () => {
    const personality = choose('tf-rmm')!;
    // It signs in several steps, and pulls after each: the first response comes later.
    const text = plan('{ at: el3.RMM_EL3_TOKEN_SIGN.PULL_RESP, act: { write: { at: 16, hex: "0102" } } }');
    const outcome = await outcomeOf(text, { ...el3Signs, personality });
    expect(outcome).toMatchObject(NO_ATTESTATION);
  });

  test('never has anything: the Realm is told RSI_INCOMPLETE ten times, and then the machine ends it', async () => {
    const text = plan('{ at: el3.RMM_EL3_TOKEN_SIGN.PULL_RESP, act: { status: E_RMM_AGAIN } }');
    const outcome = await outcomeOf(text, el3Signs);
    expect(outcome).toMatchObject(NO_ATTESTATION);
    const answers = outcome.events.flatMap((event) =>
      event.type === 'command.return' && event.command === 'RSI_ATTESTATION_TOKEN_CONTINUE' ? [event.result] : [],
    );
    expect(answers).toEqual([...new Array(9).fill('RSI_INCOMPLETE'), 'RSI_ERROR_UNKNOWN']);
  });

  test('does not exist: the RMM that relies on it has no attestation', async () => {
    const outcome = await outcomeOf(plan('{ at: el3.RMM_EL3_FEATURES, act: { set: { x1: 0 } } }'), el3Signs);
    expect(outcome).toMatchObject({ ...NO_ATTESTATION, problem: 'EL3 signs no tokens' });
    expect(outcome.platform.rmm.state.attestationFailure?.error).toBe('ENOTSUP');
  });
});

describe('the boot of the RMM', () => {
  test.each([
    ['-2', 'E_RMM_BOOT_VERSION_NOT_VALID', '{ at: el3.boot, act: { set: { x1: 0x10000 } } }'],
    ['-3', 'E_RMM_BOOT_CPUS_OUT_OF_RANGE', '{ at: el3.boot, act: { set: { x2: 4097 } } }'],
    ['-4', 'E_RMM_BOOT_CPU_ID_OUT_OF_RANGE', '{ at: el3.boot, act: { set: { x0: 1 } } }'],
    ['-5', 'E_RMM_BOOT_INVALID_SHARED_BUFFER', '{ at: el3.boot, act: { set: { x3: 0 } } }'],
    ['-6', 'E_RMM_BOOT_MANIFEST_VERSION_NOT_SUPPORTED', '{ at: el3.boot, act: { write: { at: 0, hex: "02000000" } } }'],
    ['-7', 'E_RMM_BOOT_MANIFEST_DATA_ERROR', '{ at: el3.boot, act: { write: { at: 32, hex: "00" } } }'],
    ['-1', 'E_RMM_BOOT_UNKNOWN', '{ at: el3.RMM_BOOT_COMPLETE, act: { args: { x1: -1 } } }'],
    ['-8', 'E_RMM_BOOT_NO_MEM', '{ at: el3.RMM_BOOT_COMPLETE, act: { args: { x1: -8 } } }'],
  ])('ends with %s, %s, and the Host reaches nobody', async (code, name, fault) => {
    const outcome = await outcomeOf(plan(fault));
    expect(outcome.problem).toBe(`the RMM does not boot: ${name}`);
    expect(BigInt.asIntN(64, outcome.platform.el3.state.bootFailure)).toBe(BigInt(code));
    expect(outcome.refusal).toContain('the monitor does not answer');
    expect(outcome.missing).toBe(0);
  });
});
