import { describe, expect, test } from 'vitest';
import { TokenSignRequest, TokenSignResponse } from '../../src/abi/index.ts';
import type { El3Config } from '../../src/el3/index.ts';
import { setUp, x0 } from './support.ts';

const PUSH = 1n;
const PULL = 2n;
const RAK_PUB = 3n;
const ON: Partial<El3Config> = { tokenSign: true };

const signing = (config: Partial<El3Config> = {}) => {
  const machine = setUp({ ...ON, ...config });
  const { smc, memory, page } = machine;
  const push = (ticket: bigint, changes: Partial<TokenSignRequest> = {}): bigint[] => {
    const request = { hash_alg_id: 1, cookie: 0x8000_1000n, ticket, hash: new Uint8Array(64).fill(7), ...changes };
    memory.write(page, TokenSignRequest.encode(request));
    return smc('RMM_EL3_TOKEN_SIGN', PUSH, page, 0x60n);
  };
  const pull = (): TokenSignResponse | bigint[] => {
    const x = smc('RMM_EL3_TOKEN_SIGN', PULL, page, 0x218n);
    return x[0] === 0n ? TokenSignResponse.decode(memory.read(page, TokenSignResponse.size)) : x;
  };
  return { ...machine, push, pull };
};

const again = [x0('E_RMM_AGAIN'), 0n];

describe('RMM_EL3_FEATURES', () => {
  test('says by bit 0 whether EL3 signs tokens', () => {
    expect(setUp(ON).smc('RMM_EL3_FEATURES', 0n)).toEqual([0n, 1n]);
    expect(setUp().smc('RMM_EL3_FEATURES', 0n)).toEqual([0n, 0n]);
  });
});

describe('RMM_EL3_TOKEN_SIGN', () => {
  test('is unknown without the feature, and before interface 0.4', () => {
    const { smc, page } = setUp();
    expect(smc('RMM_EL3_TOKEN_SIGN', RAK_PUB, page, 4096n, 0n)).toEqual([x0('E_RMM_UNK')]);
    const older = setUp({ ...ON, interfaceVersion: '0.3' });
    expect(older.smc('RMM_EL3_TOKEN_SIGN', RAK_PUB, older.page, 4096n, 0n)).toEqual([x0('E_RMM_UNK')]);
  });

  test('has the hash signed by the delegated key and gives cookie and ticket back', () => {
    const { push, pull, hes } = signing();
    expect(push(5n)).toEqual([0n, 0n]);
    expect(hes.asked).toEqual([{ hash_algo: 0x0200_000a, hash: new Uint8Array(48).fill(7) }]);
    const response = pull() as TokenSignResponse;
    expect([response.cookie, response.ticket, response.sig_len]).toEqual([0x8000_1000n, 5n, 96]);
    expect(response.sig.subarray(0, 97)).toEqual(Uint8Array.of(...new Uint8Array(96).fill(0x51), 0));
  });

  test('holds one request by default, as many as it is made for, and answers in their order', () => {
    const one = signing();
    one.push(1n);
    expect(one.push(2n)).toEqual(again);
    const three = signing({ signQueue: 3 });
    expect([1n, 2n, 3n, 4n].map((ticket) => three.push(ticket)[0])).toEqual([0n, 0n, 0n, x0('E_RMM_AGAIN')]);
    expect([0, 0, 0].map(() => (three.pull() as TokenSignResponse).ticket)).toEqual([1n, 2n, 3n]);
    expect(three.pull()).toEqual(again);
  });

  test('has nothing ready while a signature takes its time', () => {
    const { push, pull } = signing({ signLatency: 2 });
    push(1n);
    expect([pull(), pull()]).toEqual([again, again]);
    expect((pull() as TokenSignResponse).ticket).toBe(1n);
  });

  test('gives no signature when HES gives none, and goes on with the next', () => {
    const { push, pull, hes } = signing({ signQueue: 2 });
    hes.signature = { status: 'PSA_ERROR_INVALID_ARGUMENT' };
    push(1n);
    hes.signature = { status: 'PSA_SUCCESS', value: new Uint8Array(96) };
    push(2n);
    expect(pull()).toEqual([x0('E_RMM_UNK'), 0n]);
    expect((pull() as TokenSignResponse).ticket).toBe(2n);
  });

  test('gives the public key as a point', () => {
    const { smc, page, memory } = signing();
    expect(smc('RMM_EL3_TOKEN_SIGN', RAK_PUB, page, 4096n, 0n)).toEqual([0n, 97n]);
    expect(memory.read(page, 97)).toEqual(new Uint8Array(97).fill(4));
  });

  test.each<[string, (page: bigint) => readonly bigint[], 'E_RMM_UNK' | 'E_RMM_INVAL' | 'E_RMM_BAD_ADDR']>([
    ['an operation that is none', (page) => [0n, page, 4096n], 'E_RMM_UNK'],
    ['operation 4', (page) => [4n, page, 4096n], 'E_RMM_UNK'],
    ['a push from elsewhere', () => [PUSH, 0x8000_0000n, 4096n], 'E_RMM_BAD_ADDR'],
    ['a push of 0x5f bytes', (page) => [PUSH, page, 0x5fn], 'E_RMM_INVAL'],
    ['a pull into 0x217 bytes', (page) => [PULL, page, 0x217n], 'E_RMM_INVAL'],
    ['a pull that runs over the page', (page) => [PULL, page + 0xf00n, 0x218n], 'E_RMM_INVAL'],
    ['a pull to elsewhere', () => [PULL, 0n, 4096n], 'E_RMM_BAD_ADDR'],
    ['a key on another curve', (page) => [RAK_PUB, page, 4096n, 1n], 'E_RMM_INVAL'],
    ['a key into 96 bytes', (page) => [RAK_PUB, page, 96n, 0n], 'E_RMM_UNK'],
    ['a key to elsewhere', () => [RAK_PUB, 0n, 4096n, 0n], 'E_RMM_BAD_ADDR'],
  ])('refuses %s', (_, args, status) => {
    const { smc, page } = signing();
    expect(smc('RMM_EL3_TOKEN_SIGN', ...args(page))[0]).toBe(x0(status));
  });

  test.each([{ sig_alg_id: 1 }, { hash_alg_id: 0 }])('refuses algorithms %o, and its queue stays empty', (changes) => {
    const { push, pull } = signing();
    expect(push(1n, changes)).toEqual([x0('E_RMM_INVAL'), 0n]);
    expect(pull()).toEqual(again);
  });

  test('turns every refusal of HES to give a key into E_RMM_UNK', () => {
    const { smc, page, hes } = signing();
    hes.point = { status: 'PSA_ERROR_SERVICE_FAILURE' };
    expect(smc('RMM_EL3_TOKEN_SIGN', RAK_PUB, page, 4096n, 0n)).toEqual([x0('E_RMM_UNK'), 0n]);
  });
});
