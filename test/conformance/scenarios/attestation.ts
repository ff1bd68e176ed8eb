import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { parseVectors } from '../../../scripts/lib/measurement/vectors.mjs';
import { RMI_REC_FLAG } from '../../../src/abi/index.ts';
import { fromHex } from '../../../src/bytes/index.ts';
import { measurementReplay } from '../../support/measurement.ts';
import { measurementIn, rimAfterRec } from '../language/measure.ts';
import { scenario } from '../language/scenario.ts';
import { GRANULE, type World } from '../language/world.ts';
import { PAGE, running } from '../rsi/support.ts';
import { CLAIM, challengeOf, claimsOf, fetch } from '../rsi/token.ts';
import { C1, C2, challengeBytes, init } from './challenges.ts';

const INC = 3n;
const IRQ_EXIT = 1;
const DIGEST_SIZES = [32, 48, 64];
const SLOW = { rmm: { signSteps: 4 } } as const;

const sizeOf = (value: unknown): number => (value instanceof Uint8Array ? value.length : -1);
const rems = (token: Uint8Array): readonly Uint8Array[] =>
  claimsOf(token, 'realm').get(CLAIM.rems) as readonly Uint8Array[];

const vectors = readFileSync(new URL('../../vectors/measurement.json', import.meta.url), 'utf8');

export const ATTESTATION = [
  scenario(
    'measurement_immutable_rim',
    'A7.1.1',
    'nothing that the Host does changes the RIM of an ACTIVE Realm',
    (w) => {
      const { realm, rec } = running(w);
      const before = w.call('RSI_MEASUREMENT_READ', 0).slice(0, 11);
      w.driver.interrupt('IRQ');
      realm.unknown(PAGE + GRANULE);
      w.must('RMI_DATA_DESTROY', realm.rd, PAGE + GRANULE);
      w.must('RMI_GRANULE_UNDELEGATE', w.delegated());
      expect(w.rmi('RMI_RTT_INIT_RIPAS', realm.rd, 0, GRANULE).result.status).toBe('RMI_ERROR_REALM');
      w.run(rec);
      expect(w.call('RSI_MEASUREMENT_READ', 0).slice(0, 11)).toEqual(before);
    },
  ),
  scenario('measurement_rim_order', 'A7.1.1', 'data then REC, or REC then data: two RIMs', (w) => {
    const rim = (dataFirst: boolean): readonly bigint[] => {
      const realm = w.realm();
      if (dataFirst) realm.data(0n);
      const rec = realm.rec();
      if (!dataFirst) realm.data(0n);
      realm.activate();
      w.run(rec);
      const x = w.call('RSI_MEASUREMENT_READ', 0).slice(1, 9);
      w.driver.interrupt('IRQ');
      return x;
    };
    expect(rim(true)).not.toEqual(rim(false));
  }),
  scenario('measurement_initial_rem_is_zero', 'A7.1.2', 'a REM starts as zero', (w) => {
    running(w);
    for (const index of [1, 2, 3, 4]) {
      expect(w.call('RSI_MEASUREMENT_READ', index).slice(0, 11)).toEqual(new Array<bigint>(11).fill(0n));
    }
  }),
  scenario('attestation_token_init', 'A7.2.2', 'of two INITs the second counts', (w) => {
    running(w);
    init(w, C1);
    init(w, C2);
    expect(challengeOf(fetch(w, PAGE))).toEqual(challengeBytes(C2));
  }),
  scenario('attestation_challenge_data_verification', 'A7.2.3.1.1', 'the challenge is in the token', (w) => {
    running(w);
    init(w, C1);
    expect(challengeOf(fetch(w, PAGE))).toEqual(challengeBytes(C1));
  }),
  scenario(
    'attestation_rec_exit_irq',
    'A7.2.2',
    'two interrupts in one operation, and the token is whole',
    (w) => {
      const { rec } = running(w);
      init(w, C1);
      for (let i = 0; i < 2; i += 1) {
        w.driver.interrupt('IRQ', { polls: 1 });
        expect(w.leave('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE).exit_reason).toBe(IRQ_EXIT);
        expect(w.run(rec).gprs.slice(0, 2)).toEqual([INC, 0n]);
      }
      expect(challengeOf(fetch(w, PAGE))).toEqual(challengeBytes(C1));
    },
    SLOW,
  ),
  scenario(
    'attestation_token_verify',
    'A7.2.3',
    'before INIT there is no token; after it, every mandatory claim',
    (w) => {
      running(w);
      expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE)[0]).toBe(2n);
      init(w, C1);
      const token = fetch(w, PAGE);
      for (const label of [10, 44235, 44236, 44237, 44238, 44239, 44240]) {
        expect(claimsOf(token, 'realm').has(label)).toBe(true);
      }
      for (const label of [10, 265, 256, 2396, 2395, 2399]) expect(claimsOf(token, 'platform').has(label)).toBe(true);
    },
  ),
  scenario('attestation_rpv_value', 'A7.2.3.1.3', 'the RPV is in the token', (w) => {
    const rpv = Uint8Array.from({ length: 64 }, (_, i) => 255 - i);
    running(w, { rpv });
    init(w, C1);
    expect(claimsOf(fetch(w, PAGE), 'realm').get(CLAIM.rpv)).toEqual(rpv);
  }),
  scenario('attestation_rem_extend_check', 'B5.3.7', 'a REM that was extended is not zero', (w) => {
    running(w);
    w.call('RSI_MEASUREMENT_EXTEND', 1, 64, ...C1);
    expect(w.call('RSI_MEASUREMENT_READ', 1).slice(1, 9)).not.toEqual(new Array<bigint>(8).fill(0n));
  }),
  scenario('attestation_rem_extend_check_realm_token', 'A7.2.3.1.5', 'nor is its claim', (w) => {
    running(w);
    w.call('RSI_MEASUREMENT_EXTEND', 1, 32, ...C1);
    const rem = measurementIn(w.call('RSI_MEASUREMENT_READ', 1));
    init(w, C1);
    expect(rems(fetch(w, PAGE))[0]).toEqual(rem.slice(0, 32));
  }),
  scenario('attestation_realm_measurement_type', 'A7.2.3.1.4', 'measurements are as long as a digest', (w) => {
    for (const hash of ['SHA_256', 'SHA_512'] as const) {
      running(w, { hash });
      init(w, C1);
      const token = fetch(w, PAGE);
      const all = [claimsOf(token, 'realm').get(CLAIM.rim), ...rems(token)];
      expect(all).toHaveLength(5);
      for (const measurement of all) expect(DIGEST_SIZES).toContain(sizeOf(measurement));
      w.driver.interrupt('IRQ');
    }
  }),
  scenario(
    'attestation_platform_challenge_size',
    'A7.2.3.2.2',
    'the platform challenge is as long as a digest',
    (w) => {
      running(w);
      init(w, C1);
      expect(DIGEST_SIZES).toContain(sizeOf(claimsOf(fetch(w, PAGE), 'platform').get(CLAIM.challenge)));
    },
  ),

  scenario('am-rim-vectors', 'A7.1.1', 'the RIMs of all vectors, by RMI and RSI calls', () => {
    for (const vector of parseVectors(vectors).rim) {
      expect(measurementReplay().run(vector)).toEqual({ id: vector.id, skipped: undefined, problems: [] });
    }
  }),
  scenario('am-rem-vectors', 'A7.1.2', 'the REMs of all vectors, as both public implementations have them', (w) => {
    const { rem } = JSON.parse(vectors) as { rem: readonly RemVector[] };
    for (const { algo, registers, expected } of rem) {
      running(w, { hash: algo === 'sha512' ? 'SHA_512' : 'SHA_256' });
      for (const [n, { size, x3_x10 }] of registers.entries()) {
        w.call('RSI_MEASUREMENT_EXTEND', 1, size, ...x3_x10.map(BigInt));
        expect(measurementIn(w.call('RSI_MEASUREMENT_READ', 1))).toEqual(fromHex(expected.impl[n] ?? ''));
      }
      w.driver.interrupt('IRQ');
    }
  }),
  scenario('am-snapshot-T', 'B5.3.2', 'a token has the measurements as INIT saw them', (w) => {
    running(w);
    init(w, C1);
    w.call('RSI_MEASUREMENT_EXTEND', 1, 32, ...C1);
    expect(rems(fetch(w, PAGE))[0]).toEqual(new Uint8Array(32));
  }),
  scenario(
    'am-irq-T',
    'A7.2.2',
    'an exit for each call while an interrupt is pending, none once the token is signed',
    (w) => {
      const { rec } = running(w);
      init(w, C1);
      for (let step = 0; step < SLOW.rmm.signSteps; step += 1) {
        w.driver.interrupt('IRQ', { polls: 1 });
        expect(w.leave('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 10).exit_reason).toBe(IRQ_EXIT);
        expect(w.run(rec).gprs.slice(0, 2)).toEqual([INC, 0n]);
      }
      w.driver.interrupt('IRQ', { polls: 1 });
      expect(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 10).slice(0, 2)).toEqual([INC, 10n]);
    },
    SLOW,
  ),
  ...[32, 64].map((size) =>
    scenario(
      size === 32 ? 'am-linux' : `am-linux ${size}`,
      'A7.2.2',
      `the loop of Linux, with a nonce of ${size} bytes`,
      (w) => {
        running(w);
        const nonce = Uint8Array.from({ length: 64 }, (_, i) => (i < size ? i + 1 : 0));
        const token = linuxToken(w, nonce);
        expect(challengeOf(token)).toEqual(nonce);
      },
    ),
  ),
  scenario('attestation.sha512_rim', 'A7.1.1', 'a Realm that measures with SHA-512', (w) => {
    const { realm } = running(w, { hash: 'SHA_512' });
    init(w, C1);
    const rim = measurementIn(w.call('RSI_MEASUREMENT_READ', 0));
    expect(claimsOf(fetch(w, PAGE), 'realm').get(CLAIM.rim)).toEqual(rim);
    expect(rim).not.toEqual(rimAfterRec('sha512', new Uint8Array(64), { flags: RMI_REC_FLAG.runnable }));
    expect(realm.params.hash_algo).toBe(1);
  }),
  scenario('attestation.fiq', 'A4.3.6', 'a FIQ in the middle of a token', (w) => {
    const { rec } = running(w);
    init(w, C1);
    w.driver.interrupt('FIQ', { polls: 1 });
    expect(w.leave('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE).exit_reason).toBe(2);
    expect(w.run(rec).gprs.slice(0, 2)).toEqual([INC, 0n]);
  }),
  scenario('attestation.interrupt_and_missing_page', 'A7.2.2', 'an interrupt, then a page that is not there', (w) => {
    const { realm, rec } = running(w);
    init(w, C1);
    w.driver.interrupt('IRQ', { polls: 1 });
    w.leave('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE);
    w.must('RMI_DATA_DESTROY', realm.rd, PAGE);
    w.run(rec);
    expect(w.leave('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE)).toMatchObject({
      exit_reason: 0,
      hpfar: PAGE >> 8n,
    });
  }),
  scenario('attestation.survives_other_exits', 'A7.2.2', 'a token goes on after a suspend and a RIPAS change', (w) => {
    const { rec } = running(w);
    init(w, C1);
    const whole = fetch(w, PAGE);
    init(w, C1);
    w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, 100);
    w.leave('PSCI_CPU_SUSPEND');
    w.run(rec);
    w.leave('RSI_IPA_STATE_SET', 0, GRANULE, 0, 0);
    w.run(rec);
    expect(fetch(w, PAGE)).toEqual(whole.slice(100));
  }),

  scenario('tftf-attest', 'A7.2.2', 'the loop of tf-a-tests, which never passes its bound', (w) => {
    running(w);
    const [x0, bound = 0n] = init(w, C2);
    expect(x0).toBe(0n);
    expect(BigInt(fetch(w, PAGE).length)).toBeLessThanOrEqual(bound);
  }),
  scenario('tftf-attest-fault', 'B5.3.1', 'CONTINUE before INIT neither succeeds nor goes on', (w) => {
    running(w);
    expect([0n, INC]).not.toContain(w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, 0, GRANULE)[0]);
  }),
];

interface RemVector {
  readonly algo: string;
  readonly registers: readonly { readonly size: number; readonly x3_x10: readonly string[] }[];
  readonly expected: { readonly impl: readonly string[] };
}

/** The driver of Linux: it adds X1 before it looks at X0, and never trusts the bound with more than it has room for. */
const linuxToken = (w: World, nonce: Uint8Array): Uint8Array => {
  const [, bound = 0n] = w.call('RSI_ATTESTATION_TOKEN_INIT', ...new BigUint64Array(nonce.slice().buffer));
  const token = new Uint8Array(Number(bound));
  let length = 0;
  for (let x0 = INC; x0 === INC; ) {
    let offset = 0n;
    do {
      const x = w.call('RSI_ATTESTATION_TOKEN_CONTINUE', PAGE, offset, GRANULE - offset);
      offset += x[1] ?? 0n;
      x0 = x[0] ?? 0n;
    } while (x0 === INC && offset < GRANULE);
    expect([0n, INC]).toContain(x0);
    token.set(w.load(PAGE, Number(offset)), length);
    length += Number(offset);
  }
  return token.slice(0, length);
};
