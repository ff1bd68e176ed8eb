import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/index.ts';
import { type CborItem, decode } from '../../src/cbor/index.ts';
import { decodeSign1, HEADER, headerValue, parseCoseKey } from '../../src/cose/index.ts';
import { nodeCrypto as crypto } from '../../src/crypto/node.ts';
import type { HesSwitches } from '../../src/hes/index.ts';
import { defaultOrder, launchRealm, PLAN_DEFAULTS, type RealmPlan, runGuest } from '../../src/host/index.ts';
import { COLLECTION, DIALECTS, type Dialect, keyBytes, knobsOf } from '../../src/token/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { testMachine } from '../support/machine.ts';

const challenge = new Uint8Array(64).fill(0x3c);
const payload = new Uint8Array(64).fill(1);

const plan = (): RealmPlan => {
  const parts = {
    ripas: [{ base: 0x8000_0000n, size: 0x1000_0000n, block: 'auto' as const }],
    loads: [{ name: 'payload', at: 0x8000_0000n, measured: true, size: 64, read: () => payload }],
    recs: [{ pc: 0x8000_0000n, gprs: [], runnable: true }],
  };
  return { ...PLAN_DEFAULTS, rpv: new Uint8Array(64), ...parts, order: defaultOrder(parts) };
};

/** A token out of a machine whose dialect has other parts. */
const attested = (parts: Partial<Dialect>, hes: Partial<HesSwitches> = {}) => {
  const platform = testMachine({ dialect: { ...DIALECTS['rmm-1.0'], ...parts }, hes });
  const realm = launchRealm(platform, plan());
  const token = runGuest(platform, realm, [{ do: 'attest', challenge }])[0]?.token ?? new Uint8Array();
  const { cpak } = platform.hes.status();
  return { token, cpak, report: verifyToken(token, { crypto, key: cpak, challenge }) };
};

const entries = (token: Uint8Array): readonly CborItem[] => {
  const decoded = decode(token);
  const map = decoded.ok && decoded.item.type === 'tag' ? decoded.item.content : undefined;
  return map?.type === 'map' ? map.entries.map(({ value }) => value) : [];
};

describe('a token with one part of its dialect replaced comes out of the machine', () => {
  test('whole, by the hash that binds the RAK, claim 44240 included', () => {
    for (const [rakHash, size] of [
      ['sha-384', 48],
      ['sha-512', 64],
    ] as const) {
      const { report } = attested({ rakHash });
      expect(report.findings).toEqual([]);
      expect(report.claims.realm?.public_key_hash_algo_id).toBe(rakHash);
      expect(report.claims.platform?.challenge?.length).toBe(size);
    }
  });

  test('with the COSE_Key in another order, which HES hashes alike', () => {
    const { report } = attested({ rakOrder: ['crv', 'x', 'y', 'kty'] });
    expect(report.findings).toEqual([]);
    const key = parseCoseKey(report.claims.realm?.public_key ?? new Uint8Array());
    expect(key.ok && key.value.order).toEqual([-1, -2, -3, 1]);
  });

  test('with measurements by another hash of the measured boot, which claim 2402 names', () => {
    const { report } = attested({}, { serviceHash: 'sha-512' });
    expect(report.findings).toEqual([]);
    expect(report.claims.platform?.hash_algo_id).toBe('sha-512');
    expect(report.claims.platform?.sw_components?.map((each) => each.measurement_value?.length)).toEqual([64, 64]);
    expect(report.claims.platform?.instance_id?.length).toBe(33);
  });

  test('with the platform key named in the unprotected header', () => {
    const { token, cpak, report } = attested({ kid: true });
    expect(report.accepted).toBe(true);
    const [entry] = entries(token);
    const sign1 = entry?.type === 'bytes' ? decodeSign1(entry.value) : undefined;
    const kid = sign1?.ok ? headerValue(sign1.value.unprotected, HEADER.kid) : undefined;
    if (cpak === undefined) throw new Error('a chip has a key');
    expect(kid?.type === 'bytes' && toHex(kid.value)).toBe(
      toHex(crypto.hash('sha-256').digest(keyBytes('cose-key', cpak))),
    );
  });

  test('and entries in the form of the other tag, which the verifier refuses', () => {
    const { token, report } = attested({ entry: 'record' });
    expect(entries(token).map(({ type }) => type)).toEqual(['array', 'array']);
    expect(report.findings.map(({ code }) => code)).toContain('ENTRY_FORM');
    expect(report.accepted).toBe(false);
    expect(report.findings.map(({ path }) => path)).toContain(`token/${COLLECTION.realm}`);
  });
});

test('what sets a dialect apart from its name is told', () => {
  expect(knobsOf(DIALECTS['draft-04'])).toEqual({});
  expect(knobsOf({ ...DIALECTS['rmm-1.0'], mec: 'text', kid: true })).toEqual({ mec: 'text', kid: true });
});
