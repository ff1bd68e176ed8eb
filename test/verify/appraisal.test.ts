import { describe, expect, test } from 'vitest';
import {
  type Policy,
  parsePolicy,
  parseReferenceValues,
  referenceValuesOf,
  referenceValuesToJson,
  reportLines,
  reportToJson,
  VerifyError,
  type VerifyOptions,
  verifyToken,
  verifyTokenOrThrow,
} from '../../src/verify/index.ts';
import { array, bytes, int, map, text } from '../support/cbor-writer.ts';
import {
  CHALLENGE,
  CPAK,
  component,
  coseKey,
  crypto,
  digestOf,
  fill,
  forge,
  INSTANCE_ID,
  OTHER,
  publicOf,
} from '../support/forge.ts';

const key = publicOf(CPAK);
const judge = (token: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  verifyToken(token, { crypto, key, ...options });
const codes = (token: Uint8Array, options: Partial<VerifyOptions> = {}) =>
  judge(token, options).findings.map(({ code }) => code);

describe('reference values', () => {
  const good = judge(forge());
  const reference = referenceValuesOf(good.claims);

  test('of a token are met by it, through JSON and back', () => {
    const parsed = parseReferenceValues(JSON.stringify(referenceValuesToJson(reference)));
    expect(parsed).toEqual({ ok: true, value: reference });
    expect(codes(forge(), { reference })).toEqual([]);
    expect(Object.keys(reference)).toEqual([
      'implementation_id',
      'instance_id',
      'config',
      'components',
      'rim',
      'rems',
      'rpv',
    ]);
  });

  test('hold against every change of what they name, and against nothing else', () => {
    const changes = {
      IMPLEMENTATION_ID_MISMATCH: forge({ platform: { 2396: bytes(fill(32, 9)) } }),
      INSTANCE_ID_MISMATCH: forge({ platform: { 256: bytes(fill(33, 1)) } }),
      CONFIG_MISMATCH: forge({ platform: { 2401: bytes(fill(4, 9)) } }),
      COMPONENT_UNEXPECTED: forge({ platform: { 2399: array(component('BL1'), component('RMM'), component('RMM')) } }),
      RIM_MISMATCH: forge({ realm: { 44238: bytes(fill(32, 9)) } }),
      RPV_MISMATCH: forge({ realm: { 44235: bytes(fill(64, 9)) } }),
    };
    for (const [code, token] of Object.entries(changes)) {
      expect(codes(token, { reference })).toEqual([code]);
      expect(codes(token)).toEqual([]);
    }
    const elsewhere = forge({ platform: { 2400: text('elsewhere'), 2395: int(0x3000) } });
    expect(codes(elsewhere, { reference })).toEqual([]);
  });

  test('take components in any order', () => {
    expect(codes(forge({ platform: { 2399: array(component('RMM'), component('BL1')) } }), { reference })).toEqual([]);
  });

  test('give a component to the reference that asks most of it', () => {
    const [bare, full] = [fill(32, 0x55), fill(32, 0x66)];
    const components = [
      { measurement_value: bare },
      { component_type: 'BL1', measurement_value: bare, signer_id: full },
    ];
    expect(codes(forge(), { reference: { components } })).toEqual([]);
    expect(codes(forge(), { reference: { components: [...components].reverse() } })).toEqual([]);
  });

  test('leave out what they do not name', () => {
    expect(codes(forge(), { reference: {} })).toEqual([]);
    expect(codes(forge(), { reference: { rems: [null, null, null, null] } })).toEqual([]);
  });

  test.each([
    ['{', '$: is not JSON'],
    ['[]', '$: must be an object'],
    ['{}', '$.version: is missing'],
    ['{"version":2}', '$.version: must be 1, the version that is understood'],
    ['{"version":1,"rimm":"00"}', '$.rimm: is unknown; known are '],
    ['{"version":1,"rim":"00"}', '$.rim: must be 32 or 48 or 64 bytes, not 1'],
    ['{"version":1,"rim":"xy"}', '$.rim: must be hexadecimal text'],
    ['{"version":1,"rems":[]}', '$.rems: must have 4 members, not 0'],
    ['{"version":1,"rems":[null,null,1,null]}', '$.rems[2]: must be hexadecimal text'],
    ['{"version":1,"components":[{}]}', '$.components[0].measurement_value: is missing'],
    [
      '{"version":1,"components":[{"measurement_value":1}]}',
      '$.components[0].measurement_value: must be hexadecimal text',
    ],
    ['{"version":1,"components":{}}', '$.components: must be an array'],
    ['{"version":1,"__proto__":{}}', '$.__proto__: is unknown'],
  ])('that read %s are refused with the member', (json, error) => {
    const parsed = parseReferenceValues(json);
    expect(parsed.ok ? 'accepted' : parsed.error).toContain(error);
  });
});

describe('a policy', () => {
  const debug = forge({ platform: { 2395: int(0x4001) } });
  const policyOf = (json: object): Policy => {
    const parsed = parsePolicy(JSON.stringify({ version: 1, ...json }));
    if (!parsed.ok) throw new Error(parsed.error);
    return parsed.value;
  };

  test('allows lifecycles by name and by range, and then no others', () => {
    expect(codes(debug)).toEqual(['LIFECYCLE_REFUSED']);
    expect(codes(debug, { policy: policyOf({ lifecycle: ['non_platform_rot_debug'] }) })).toEqual([]);
    expect(codes(debug, { policy: policyOf({ lifecycle: [{ from: '0x4000', to: 0x4001 }] }) })).toEqual([]);
    expect(codes(debug, { policy: policyOf({ lifecycle: [{ from: 0x4002, to: 0x40ff }] }) })).toEqual([
      'LIFECYCLE_REFUSED',
    ]);
    expect(codes(forge(), { policy: policyOf({ lifecycle: ['non_platform_rot_debug'] }) })).toEqual([
      'LIFECYCLE_REFUSED',
    ]);
  });

  test('does not allow a lifecycle that is in no defined range', () => {
    const undefinedState = forge({ platform: { 2395: int(0x3100) } });
    expect(codes(undefinedState, { policy: policyOf({ lifecycle: [{ from: 0, to: 0xffff }] }) })).toEqual([
      'LIFECYCLE_UNDEFINED',
    ]);
  });

  test('rules on single warnings', () => {
    const mixed = forge({ year: 'legacy', realmYear: '2023' });
    const under = (ruling: string, strict = false) =>
      judge(mixed, { policy: policyOf({ warnings: { PROFILE_PAIR_MIXED: ruling } }), strict });
    expect(under('warn').accepted).toBe(true);
    expect(under('warn', true).accepted).toBe(false);
    expect(under('refuse').accepted).toBe(false);
    expect(under('refuse').findings.map(({ severity }) => severity)).toEqual(['error']);
    expect(under('ignore', true).accepted).toBe(true);
    expect(judge(mixed, { policy: policyOf({ strict: true }) }).accepted).toBe(false);
  });

  test('adds rules', () => {
    const ofKey = forge({ platform: { 256: bytes(Uint8Array.of(1, ...digestOf('sha-256', coseKey(key)))) } });
    expect(codes(ofKey, { policy: policyOf({ require: ['instance-id-hashes-key'] }) })).toEqual([]);
    const config = (byte: number) => forge({ platform: { 2401: bytes(map([1, bytes(fill(16, byte))])) } });
    expect(codes(config(0), { policy: policyOf({ require: ['config-debug-off'] }) })).toEqual([]);
    expect(codes(config(1), { policy: policyOf({ require: ['config-debug-off'] }) })).toEqual(['CONFIG_DEBUG']);
    expect(codes(forge(), { policy: policyOf({ require: ['shortest-encoding'] }) })).toEqual([]);
  });

  test.each([
    ['{"version":1,"lifecycle":[]}', '$.lifecycle: must have 1 to 64 members, not 0'],
    ['{"version":1,"lifecycle":["open"]}', '$.lifecycle[0]: must be one of '],
    ['{"version":1,"lifecycle":[{"from":1}]}', '$.lifecycle[0].to: is missing'],
    ['{"version":1,"lifecycle":[{"from":-1,"to":1}]}', '$.lifecycle[0].from: must be a number from 0 to 0xffff'],
    ['{"version":1,"warnings":{"BINDING_MISMATCH":"ignore"}}', '$.warnings.BINDING_MISMATCH: is unknown'],
    ['{"version":1,"warnings":{"PROFILE_PAIR_MIXED":"hide"}}', '$.warnings.PROFILE_PAIR_MIXED: must be one of '],
    ['{"version":1,"require":["luck"]}', '$.require[0]: must be one of '],
    ['{"version":1,"strict":"yes"}', '$.strict: must be true or false'],
  ])('that reads %s is refused with the member', (json, error) => {
    const parsed = parsePolicy(json);
    expect(parsed.ok ? 'accepted' : parsed.error).toContain(error);
  });
});

describe('the platform key', () => {
  test('may be looked up by instance and implementation', () => {
    const asked: unknown[] = [];
    const lookup: VerifyOptions['key'] = (id) => {
      asked.push(id);
      return key;
    };
    expect(judge(forge(), { key: lookup }).accepted).toBe(true);
    expect(asked).toEqual([{ instanceId: INSTANCE_ID, implementationId: fill(32, 0x33) }]);
  });

  test('when missing leaves its signature unchecked, which the report says', () => {
    const report = judge(forge(), { key: undefined });
    expect(report.accepted).toBe(false);
    expect(report.findings.map(({ code }) => code)).toEqual(['KEY_MISSING']);
    expect(report.checks.find(({ name }) => name === 'platform_signature')).toEqual({
      name: 'platform_signature',
      outcome: 'failed',
      reason: 'no key was given',
    });
    expect(report.checks.find(({ name }) => name === 'realm_signature')?.outcome).toBe('passed');
  });
});

describe('the report', () => {
  test('says what was checked, and holds the claims', () => {
    const { checks, claims, readable, kind } = judge(forge(), { challenge: CHALLENGE });
    expect(checks.filter(({ outcome }) => outcome === 'passed').map(({ name }) => name)).toEqual([
      'structure',
      'platform_claims',
      'realm_claims',
      'profiles',
      'platform_signature',
      'realm_signature',
      'binding',
      'lifecycle',
      'challenge',
    ]);
    expect([readable, kind]).toEqual([true, 'cca']);
    expect(claims.realm?.challenge).toEqual(CHALLENGE);
    expect(claims.platform?.sw_components?.map(({ component_type }) => component_type)).toEqual(['BL1', 'RMM']);
  });

  test('tells what is no token from a token that is wrong', () => {
    expect(judge(Uint8Array.of(0xff)).readable).toBe(false);
    expect(judge(map()).readable).toBe(false);
    expect(judge(forge({ cpak: OTHER })).readable).toBe(true);
  });

  test('is plain JSON and lines', () => {
    const report = judge(forge({ platform: { 2395: int(0x4000) } }));
    expect(JSON.parse(JSON.stringify(reportToJson(report)))).toMatchObject({
      accepted: false,
      findings: [
        {
          code: 'LIFECYCLE_REFUSED',
          path: 'platform/2395',
          severity: 'error',
          detail: { found: '0x4000', state: 'non_platform_rot_debug' },
          says: 'the lifecycle is not one that is allowed',
        },
      ],
      claims: { platform: { lifecycle: 0x4000, config: 'cfcfcfcf' } },
    });
    expect(reportLines(report)[0]).toBe('refused: cca token');
    expect(reportLines(report).at(-1)).toBe(
      'error LIFECYCLE_REFUSED platform/2395: the lifecycle is not one that is allowed (found 0x4000, state non_platform_rot_debug)',
    );
  });

  test('names the offset of what is wrong', () => {
    const token = forge({ platform: { 2401: text('config') } });
    const [finding] = judge(token).findings;
    const at = Number(finding?.detail['byte']);
    expect(token.subarray(at, at + 7)).toEqual(text('config'));
  });

  test('carries no control characters of the token', () => {
    const report = judge(forge({ platform: { 265: text('\u001b[2Jtag\u202e\n') } }));
    for (const line of reportLines(report)) expect(line).toMatch(/^[\x20-\x7e]*$/);
  });

  test('stays small, whatever the token repeats', () => {
    const untyped = map([2, bytes(fill(32, 1))], [5, bytes(fill(32, 1))]);
    const report = judge(forge({ platform: { 2399: array(...Array.from({ length: 500 }, () => untyped)) } }));
    expect(report.findings.length).toBe(100);
    expect(report.accepted).toBe(true);
  });
});

describe('verifyTokenOrThrow', () => {
  test('gives the report of an accepted token', () => {
    expect(verifyTokenOrThrow(forge(), { crypto, key }).accepted).toBe(true);
  });

  test('throws the first finding that refuses', () => {
    const wrong = forge({ year: 'legacy', realmYear: '2023', platform: { 2395: int(0x4000) } });
    const thrown = (strict: boolean, token = wrong): unknown => {
      try {
        return verifyTokenOrThrow(token, { crypto, key, strict });
      } catch (error) {
        return error;
      }
    };
    expect(thrown(false)).toBeInstanceOf(VerifyError);
    expect(thrown(false)).toMatchObject({ code: 'LIFECYCLE_REFUSED', path: 'platform/2395' });
    expect(thrown(true, forge({ year: 'legacy', realmYear: '2023' }))).toMatchObject({ code: 'PROFILE_PAIR_MIXED' });
  });
});
