import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRsiStatus } from '../../src/abi/index.ts';
import { Bug, toHex } from '../../src/bytes/index.ts';
import { nobleCrypto } from '../../src/crypto/noble.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import { callRmi, createGranules, launchRealm, rmiFid, runGuest, tryRmi } from '../../src/host/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import { type TraceEvent, toJson } from '../../src/trace/index.ts';
import { verifyToken } from '../../src/verify/index.ts';
import { attestSession, CHALLENGE, smallPlan } from '../support/attest-session.ts';
import { testMachine } from '../support/machine.ts';

/** Everything that can be seen of a machine's state. */
const stateOf = ({ rmm, memory }: Platform) => ({
  granules: [...rmm.state.granules()],
  realms: [...rmm.state.realms()],
  recs: [...rmm.state.recs()],
  rtts: [...rmm.state.rtts()],
  pages: [...memory.touched()].map(([pa, page]) => [pa, toHex(page)]),
});

const tokenOf = (platform: Platform): string => toHex(attestSession(platform).token);

describe('machines side by side', () => {
  test('of one seed give the same token byte for byte, whichever cryptography they use', () => {
    const [first, second, portable] = [testMachine(), testMachine(), testMachine({ crypto: nobleCrypto })];
    const token = tokenOf(first);
    expect(tokenOf(second)).toBe(token);
    expect(tokenOf(portable)).toBe(token);
    expect(stateOf(portable)).toEqual(stateOf(first));
  });

  test('of different seeds are different chips, each of which signs for itself', () => {
    const chips = ['a', 'b', 'c'].map((seed) => testMachine({ seed }));
    const tokens = chips.map((chip) => attestSession(chip).token);
    for (const [i, token] of tokens.entries()) {
      for (const [j, chip] of chips.entries()) {
        const { accepted } = verifyToken(token, {
          crypto: nodeCrypto,
          key: chip.hes.status().cpak,
          challenge: CHALLENGE,
        });
        expect(accepted).toBe(i === j);
      }
    }
  });

  test('do not notice each other, however their acts are interleaved', () => {
    const alone = testMachine();
    const granules = createGranules(alone);
    const expected = [granules.delegate(), granules.delegate(2)];
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 }), { minLength: 6, maxLength: 30 }), (turns) => {
        const machines = Array.from({ length: 3 }, () => {
          const platform = testMachine();
          const mine = createGranules(platform);
          const acts = [() => mine.delegate(), () => mine.delegate(2)];
          return { platform, acts, done: [] as bigint[] };
        });
        const step = (machine: (typeof machines)[number] | undefined): void => {
          const next = machine?.acts.shift();
          if (next !== undefined) machine?.done.push(next());
        };
        for (const turn of turns) step(machines[turn]);
        for (const machine of machines) while (machine.acts.length > 0) step(machine);
        for (const { platform, done } of machines) {
          expect(done).toEqual(expected);
          expect(stateOf(platform)).toEqual(stateOf(alone));
        }
      }),
      { numRuns: 10 },
    );
  });
});

describe('a fork', () => {
  test('is in the same state, and goes on as the original would have', () => {
    const platform = testMachine();
    attestSession(platform).realm.destroy();
    const fork = platform.fork();
    expect(stateOf(fork)).toEqual(stateOf(platform));
    expect(tokenOf(fork)).toBe(tokenOf(platform));
    expect(stateOf(fork)).toEqual(stateOf(platform));
  });

  test('changes nothing in the original, and is changed by nothing there', () => {
    const platform = testMachine();
    const granules = createGranules(platform);
    const [rd, page] = [granules.delegate(), granules.allocate()];
    platform.write(page, Uint8Array.of(1, 2, 3));
    const before = stateOf(platform);

    const fork = platform.fork();
    callRmi(fork, 'GRANULE_UNDELEGATE', rd);
    fork.write(page, Uint8Array.of(9));
    expect(stateOf(platform)).toEqual(before);

    const between = stateOf(fork);
    callRmi(platform, 'GRANULE_DELEGATE', page);
    expect(stateOf(fork)).toEqual(between);
    expect(fork.read(page, 3)).toEqual(Uint8Array.of(9, 2, 3));
    expect(platform.read(page, 3)).toBe(undefined);
  });

  test('of a fork of a fork is as good as any', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat({ max: 7 })), { maxLength: 20 }), (acts) => {
        const base = 0x8000_0000n;
        const machines = [{ platform: testMachine(), delegated: new Set<number>() }];
        for (const [which, index] of acts) {
          const at = machines[which % machines.length];
          if (at === undefined) throw new Error('no machine');
          if (index === 7) machines.push({ platform: at.platform.fork(), delegated: new Set(at.delegated) });
          else {
            const command = at.delegated.has(index) ? 'GRANULE_UNDELEGATE' : 'GRANULE_DELEGATE';
            callRmi(at.platform, command, base + BigInt(index) * 0x1000n);
            if (!at.delegated.delete(index)) at.delegated.add(index);
          }
        }
        for (const { platform, delegated } of machines) {
          const found = [...platform.rmm.state.granules()].map(([pa]) => Number((pa - base) / 0x1000n));
          expect(found).toEqual([...delegated].sort((a, b) => a - b));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('may be made while a Realm runs: both go on from there', () => {
    const platform = testMachine();
    const realm = launchRealm(platform, smallPlan(new Uint8Array(100)));
    const [rec] = realm.recs;
    expect(platform.smc([rmiFid('REC_ENTER'), rec?.rec ?? 0n, rec?.run_ptr ?? 0n]).kind).toBe('enter');
    const fork = platform.fork();
    const extend = [0xc400_0193n, 1n, 1n, 0xabn];
    const read = [0xc400_0192n, 1n];
    const untouched = fork.realmSmc(read);
    expect(platform.realmSmc(extend)).toMatchObject({ kind: 'return' });
    expect(fork.realmSmc(read)).toEqual(untouched);
    fork.realmSmc(extend);
    expect(fork.realmSmc(read)).toEqual(platform.realmSmc(read));
    expect(fork.realmSmc(read)).not.toEqual(untouched);
  });

  test('tells its own trace, and the original keeps its own', () => {
    const heard: { readonly original: TraceEvent[]; readonly fork: TraceEvent[] } = { original: [], fork: [] };
    const platform = testMachine({ trace: (event) => heard.original.push(event) });
    const fork = platform.fork({ trace: (event) => heard.fork.push(event) });
    const silent = platform.fork();
    const before = heard.original.length;
    callRmi(fork, 'GRANULE_DELEGATE', 0x8000_1000n);
    callRmi(silent, 'GRANULE_DELEGATE', 0x8000_1000n);
    expect(heard.original).toHaveLength(before);
    expect(heard.fork.map(({ type }) => type)).toContain('granule.state');
    callRmi(platform, 'GRANULE_DELEGATE', 0x8000_1000n);
    expect(heard.original.slice(before).map(toJson)).toEqual(heard.fork.map(toJson));
  });
});

describe('a machine that is used wrongly', () => {
  test('refuses acts of a Host on a PE that a Realm has, and acts of a Realm on one that the Host has', () => {
    const platform = testMachine();
    expect(() => platform.realmSmc([0xc400_0190n])).toThrow(Bug);
    expect(() => platform.realmAccess({ access: 'read', ipa: 0n, length: 1 })).toThrow(Bug);
    const realm = launchRealm(platform, smallPlan(new Uint8Array(100)));
    const [rec] = realm.recs;
    platform.smc([rmiFid('REC_ENTER'), rec?.rec ?? 0n, rec?.run_ptr ?? 0n], 3);
    expect(() => platform.smc([rmiFid('VERSION'), 0x1_0000n], 3)).toThrow(Bug);
    expect(tryRmi(platform, 'VERSION', 0x1_0000n).result.status).toBe('RMI_SUCCESS');
  });

  test('answers any Host registers at all', () => {
    const platform = testMachine();
    const word = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
    const fid = fc.oneof(
      word,
      fc.integer({ min: 0x150, max: 0x18f }).map((low) => 0xc400_0000n + BigInt(low)),
    );
    fc.assert(
      fc.property(fid, fc.array(word, { maxLength: 17 }), (function_, args) => {
        expect(platform.fork().smc([function_, ...args])).toMatchObject({ kind: 'return', x: { length: 18 } });
      }),
      { numRuns: 300 },
    );
  });
});

test('a port that fails in the middle of a command leaves nothing behind', () => {
  let failing = false;
  const crypto = {
    ...nodeCrypto,
    sign: (...args: Parameters<typeof nodeCrypto.sign>) => {
      if (failing) throw new Error('the signer is gone');
      return nodeCrypto.sign(...args);
    },
  };
  const platform = testMachine({ crypto });
  const realm = launchRealm(platform, smallPlan(new Uint8Array(100)));
  const [rec] = realm.recs;
  platform.smc([rmiFid('REC_ENTER'), rec?.rec ?? 0n, rec?.run_ptr ?? 0n]);
  platform.realmSmc([0xc400_0194n, ...Array(8).fill(1n)]);
  const attest = () => platform.rmm.state.rec(rec?.rec ?? 0n).attest;
  const before = attest();
  failing = true;
  const statusOfContinue = () => {
    const reply = platform.realmSmc([0xc400_0195n, 0x8000_0000n, 0n, 4096n]);
    return reply.kind === 'return' ? decodeRsiStatus(reply.x[0] ?? 0n) : reply.kind;
  };
  expect(statusOfContinue()).toBe('RSI_ERROR_UNKNOWN');
  expect(attest()).toEqual(before);
  failing = false;
  expect(statusOfContinue()).toBe('RSI_SUCCESS');
});

test('an effect that breaks half way is undone, and passed on', () => {
  const platform = testMachine();
  const granules = createGranules(platform);
  granules.delegate();
  const before = stateOf(platform);
  const { gtsi } = platform.rmm.state;
  platform.rmm.state.gtsi = function (to, pa) {
    const status = gtsi.call(this, to, pa);
    this.setGranule(pa, 'DELEGATED');
    if (status === 0n) throw new Bug('half way');
    return status;
  };
  expect(() => platform.smc([rmiFid('GRANULE_DELEGATE'), 0x8000_8000n])).toThrow('half way');
  expect(stateOf(platform)).toEqual(before);
  expect(platform.memory.gpt(0x8000_8000n)).toBe('GPT_NS');
});

test('runGuest gives nothing for a guest that asks for nothing', () => {
  const platform = testMachine();
  expect(runGuest(platform, launchRealm(platform, smallPlan(new Uint8Array(100))), [])).toEqual([]);
});
