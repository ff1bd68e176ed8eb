import { describe, expect, test } from 'vitest';
import { hex } from '../../src/bytes/index.ts';
import { coseKeyBytes } from '../../src/cose/index.ts';
import { sec1Point } from '../../src/crypto/index.ts';
import { createStaticHes } from '../../src/hes/index.ts';
import { createReplayer, ReplayError } from '../../src/platform/index.ts';
import { type TraceEvent, toJson } from '../../src/trace/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { challenge, outcomeOf } from '../fault/support/run.ts';
import { chip, component, crypto, keyRequest, pairOf, smallSet } from './support/chip.ts';

const other = chip({ device: { seed: 'somebody else' } });
const { key: rak, token: platformToken } = pairOf(other);
const { cpak } = other.status();
const files = { rak, platformToken, cpak };
const NO_FAULTS = 'version: 1\nmodel: rmm\nfaults: []\n';

describe('a HES that serves files', () => {
  const hes = createStaticHes({ crypto, files });

  test('gives its key and its token whatever is asked', () => {
    const odd = { ...keyRequest, ecc_curve: 7, key_bits: 1, hash_algo: 2 };
    expect(hes.getDelegatedKey(odd)).toEqual({ status: 'PSA_SUCCESS', value: rak });
    for (const dak_pub_hash of [undefined, new Uint8Array(32), new Uint8Array(5)]) {
      const reply = hes.getPlatformToken({ dak_pub_hash, token_buf_size: 4096 });
      expect(reply).toEqual({ status: 'PSA_SUCCESS', value: platformToken });
    }
  });

  test('has no room to make', () => {
    expect(hes.getDelegatedKey({ ...keyRequest, key_buf_size: 47 }).status).toBe('PSA_ERROR_BUFFER_TOO_SMALL');
    const reply = hes.getPlatformToken({ dak_pub_hash: undefined, token_buf_size: platformToken.length - 1 });
    expect(reply.status).toBe('PSA_ERROR_BUFFER_TOO_SMALL');
  });

  test('signs, and gives the public key, for a monitor that signs', () => {
    const point = crypto.publicKey({ curve: 'P-384', scalar: rak });
    expect(hes.getDelegatedPublicKey(keyRequest)).toEqual({ status: 'PSA_SUCCESS', value: point && sec1Point(point) });
    const signed = hes.signWithDelegatedKey({ hash_algo: 0x0200_000a, hash: new Uint8Array(48) });
    expect(signed).toMatchObject({ status: 'PSA_SUCCESS' });
    expect(hes.signWithDelegatedKey({ hash_algo: 0x0200_0009, hash: new Uint8Array(32) }).status).not.toBe(
      'PSA_SUCCESS',
    );
  });

  test('has no chip: nothing of a chip’s life happens to it', () => {
    expect(hes.status()).toMatchObject({ cpak, refused: [] });
    expect([hes.setLifecycle('RMA'), hes.rotateCpak(1), hes.rotateGuk('x')]).toEqual(
      new Array(3).fill({ ok: false, code: 'NO_CHIP' }),
    );
    expect([hes.activate(component(1, 'A')), hes.memory()]).toEqual(['LFA_NOT_SUPPORTED', undefined]);
    hes.reset();
    hes.apReset();
    expect(hes.fork().getDelegatedKey(keyRequest)).toEqual({ status: 'PSA_SUCCESS', value: rak });
  });

  test('with a key that is none gives it all the same', () => {
    const broken = createStaticHes({ crypto, files: { rak: new Uint8Array(48), platformToken } });
    expect(broken.getDelegatedKey(keyRequest)).toMatchObject({ status: 'PSA_SUCCESS' });
    expect(broken.getDelegatedPublicKey(keyRequest).status).toBe('PSA_ERROR_GENERIC_ERROR');
    expect(broken.status().rak).toBeUndefined();
  });
});

describe('a machine whose HES serves files', () => {
  test('attests with them: the binding holds for the key that the token was made for', async () => {
    const { token = new Uint8Array(), problem } = await outcomeOf(NO_FAULTS, { hesFiles: files });
    expect(problem).toBeUndefined();
    const report = verifyToken(token, { crypto, key: cpak, challenge });
    expect(report).toMatchObject({ accepted: true, findings: [] });
  });

  test('attests with any other key too, and the verifier finds the binding broken', async () => {
    const { key } = pairOf(chip({ firmware: smallSet({ dcu: new Uint8Array(16).fill(1) }) }));
    const wrong = { hesFiles: { ...files, rak: key } };
    const { token = new Uint8Array() } = await outcomeOf(NO_FAULTS, wrong);
    const { findings } = verifyToken(token, { crypto, key: cpak, challenge });
    expect(findings.map(({ code }) => code)).toEqual(['BINDING_MISMATCH']);
  });

  test('lets no byte of the key into its trace, and replays when the files are given again', async () => {
    const { events } = await outcomeOf(NO_FAULTS, { hesFiles: files });
    const lines = events.map((event: TraceEvent) => toJson(event));
    expect(lines.join('\n')).not.toContain(Buffer.from(rak).toString('hex'));
    const again = createReplayer(crypto, files);
    expect(lines.flatMap((line) => again.feed(JSON.parse(line)) ?? [])).toEqual([]);
    expect(() => createReplayer(crypto).feed(JSON.parse(lines[0] ?? ''))).toThrow(ReplayError);
    const others = createReplayer(crypto, { ...files, platformToken: hex('00') });
    expect(others.feed(JSON.parse(lines[0] ?? ''))).toBeDefined();
  });

  test('tells the RAK by its thumbprint', () => {
    const events: TraceEvent[] = [];
    createStaticHes({ crypto, files, trace: (event) => events.push(event) }).getDelegatedKey(keyRequest);
    const point = crypto.publicKey({ curve: 'P-384', scalar: rak });
    const thumbprint = point && Buffer.from(crypto.hash('sha-256').digest(coseKeyBytes(point))).toString('hex');
    expect(events).toMatchObject([{ type: 'hes.delegated_key', detail: { thumbprint } }]);
  });
});
