import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fetchToken } from '../../src/host/index.ts';
import {
  type Answer,
  assemble,
  type Client,
  converse,
  createPlayer,
  decodeScript,
  explainCalls,
  judgeClient,
  seeds,
  tokenBytes,
} from '../../src/response/index.ts';

const PAGE = 0x8000_0000n;
const INIT = 0xc400_0194n;
const CONTINUE = 0xc400_0195n;
const CHALLENGE = Uint8Array.from({ length: 64 }, (_, i) => i + 1);
const WORDS = Array.from({ length: 8 }, (_, i) => new DataView(CHALLENGE.buffer).getBigUint64(8 * i, true));

const init = [INIT, ...WORDS];
const go = (offset = 0n, size = 4096n - offset) => [CONTINUE, PAGE, offset, size];

/** Plays calls against a script; what came of each as `X0 X1 model`. */
const play = (text: string, ...calls: readonly (readonly bigint[])[]): string[] => {
  const player = createPlayer(assemble(text));
  return calls.map((x) => {
    const { x: answer, model } = player.call(x);
    return `${answer[0]} ${answer[1]} ${model}`;
  });
};

describe('without rules', () => {
  test('a token comes in pieces, then the operation is over', () => {
    expect(play('total 4097', init, go(), go(), go())).toEqual([
      '0 8192 sound',
      '3 4096 sound',
      '0 1 sound',
      '2 0 sound',
    ]);
  });

  test('a call that the specification refuses is refused, and uses no rule', () => {
    const wrong = [
      [CONTINUE, PAGE + 1n, 0n, 1n],
      [CONTINUE, 0n, 0n, 1n],
      go(4096n, 0n),
      go(1n, 4096n),
      go(1n, (1n << 64n) - 1n),
    ];
    expect(play('continue end', go(), init, ...wrong, go())).toEqual([
      '2 0 sound',
      '0 4096 sound',
      ...wrong.map(() => '1 0 sound'),
      '0 0 rmm',
    ]);
  });

  test('room for nothing brings nothing, and is no wait', () => {
    expect(play('', init, go(0n, 0n), go())).toEqual(['0 4096 sound', '3 0 sound', '0 4096 sound']);
  });

  test('a second INIT begins anew', () => {
    expect(play('chunk 3000', init, go(), init, go(), go(3000n))).toEqual([
      '0 4096 sound',
      '3 3000 sound',
      '0 4096 sound',
      '3 3000 sound',
      '0 1096 sound',
    ]);
  });

  test('RSI_VERSION and RSI_FEATURES are answered, nothing else is', () => {
    const player = createPlayer(assemble(''));
    expect(player.call([0xc400_0190n, 0x1_0000n]).x.slice(0, 3)).toEqual([0n, 0x1_0000n, 0x1_0000n]);
    expect(player.call([0xc400_0191n, 0n]).x.slice(0, 2)).toEqual([0n, 0n]);
    expect(player.call([0xc400_0199n, PAGE]).x.slice(0, 2)).toEqual([(1n << 64n) - 1n, PAGE]);
  });
});

describe('an act does what the table says', () => {
  test.each([
    ['continue wait times 2', ['3 0 host', '3 0 host', '0 4096 sound']],
    ['continue piece 0', ['3 0 host', '0 4096 sound']],
    ['continue piece 5', ['3 5 sound', '0 4091 sound']],
    ['continue status 9', ['9 0 rmm', '0 4096 sound']],
    ['continue status 3', ['3 0 host']],
    ['continue relabel 9', ['9 4096 rmm', '2 0 sound']],
    ['continue relabel 0', ['0 4096 sound']],
    ['continue length 4097', ['0 4097 rmm']],
    ['continue length 4096', ['0 4096 sound']],
    ['continue more 1', ['0 4097 rmm']],
    ['continue end', ['0 0 rmm', '2 0 sound']],
    ['continue end + relabel 3', ['3 0 rmm', '2 0 sound']],
    ['continue restart', ['0 4096 rmm']],
    ['continue drop', ['2 0 rmm', '2 0 sound']],
    ['continue leave', [`3 ${PAGE} rmm`]],
    ['continue x5 1 + wait', ['3 0 rmm']],
    ['continue x5 0', ['0 4096 sound']],
    ['continue wait for ever\ncontinue end', ['3 0 host', '3 0 host', '3 0 host']],
  ])('%s', (text, answers) => {
    expect(play(text, init, ...answers.map(() => go())).slice(1)).toEqual(answers);
  });

  test.each([
    ['init status 4', ['4 0 rmm', '2 0 sound']],
    ['init relabel 3', ['3 4096 rmm', '0 4096 sound']],
    ['init bound 0', ['0 0 rmm', '0 4096 sound']],
    ['init bound 0x8000000000000000', [`0 ${1n << 63n} rmm`]],
    ['init bound 8192', ['0 8192 sound']],
    ['init short 1', ['0 4095 rmm']],
    ['init total 0', ['0 4096 rmm', '0 0 sound']],
    ['init total 10 + short 20', ['0 0 rmm']],
    ['init chunk 9', ['0 4096 sound', '3 9 sound', '3 9 sound']],
    ['init leave', [`0 ${WORDS[0]} rmm`]],
    ['init stale', ['0 4096 rmm']],
  ])('%s', (text, answers) => {
    expect(play(text, init, ...answers.slice(1).map(() => go()))).toEqual(answers);
  });

  /** The answer to the nth CONTINUE of pieces of 100 bytes, and the memory that it may have written. */
  const piece = (text: string, nth = 1): { answer: Answer; memory: Uint8Array | undefined } => {
    const player = createPlayer(assemble(`chunk 100\n${text}`));
    player.call(init);
    const answers = Array.from({ length: nth }, () => player.call(go()));
    const answer = answers.at(-1);
    if (answer === undefined) throw new Error('no call was made');
    return { answer, memory: player.read(PAGE, 300) };
  };
  const token = tokenBytes(CHALLENGE, 0, 4096);

  test('spoil changes one bit', () => {
    const { answer, memory } = piece('continue spoil 102');
    expect(answer.model).toBe('rmm');
    expect(memory?.[2]).toBe((token[2] ?? 0) ^ 1);
    expect(memory?.slice(3, 100)).toEqual(token.slice(3, 100));
  });

  test('repeat and ahead bring another piece', () => {
    expect(piece('continue piece 100\ncontinue repeat', 2).memory?.slice(0, 100)).toEqual(token.slice(0, 100));
    expect(piece('continue ahead').memory?.slice(0, 100)).toEqual(token.slice(100, 200));
  });

  test('place moves the bytes, and what would leave the granule is not written', () => {
    expect(piece('continue place 7').memory?.slice(7, 107)).toEqual(token.slice(0, 100));
    const player = createPlayer(assemble('continue place 4000'));
    player.call(init);
    expect(player.call(go()).written).toEqual({ ipa: PAGE + 4000n, length: 96, position: 0 });
    expect(player.read(PAGE + 4096n, 4096)).toEqual(new Uint8Array(4096));
  });

  test('unwritten writes nothing', () => {
    const { answer, memory } = piece('continue unwritten');
    expect([answer.x[1], answer.written, memory]).toEqual([100n, undefined, new Uint8Array(300)]);
  });

  test('stale brings the token of the challenge before', () => {
    const player = createPlayer(assemble('init total 4096\ninit stale'));
    player.call(init);
    player.call([INIT, 5n]);
    expect(player.call(go()).model).toBe('rmm');
    expect(player.read(PAGE, 64)).toEqual(CHALLENGE);
  });
});

const GUEST_PAGE = PAGE;
const ask = (text: string) => converse(assemble(text), fetchToken(CHALLENGE, GUEST_PAGE), { budget: 500 });

describe('a conversation', () => {
  test('ends with the token of a sound RMM', () => {
    const { end, status } = ask('total 8193\nchunk 100\ncontinue wait times 3');
    expect(end).toEqual({ kind: 'token', token: tokenBytes(CHALLENGE, 0, 8193) });
    expect(status.departures).toBe(0);
    expect(judgeClient(end, status)).toBe(undefined);
  });

  test('keeps the last calls, and explains each', () => {
    const { calls, end } = ask('chunk 1000\ncontinue piece 1000\ncontinue length 0x80000000');
    expect(end.kind).toBe('gave-up');
    expect(explainCalls(calls)).toEqual([
      {
        nth: 1,
        command: 'RSI_ATTESTATION_TOKEN_INIT',
        args: '',
        status: 'RSI_SUCCESS',
        x1: '4096',
        rule: undefined,
        model: 'sound',
        says: 'a sound RMM answers so',
      },
      {
        nth: 2,
        command: 'RSI_ATTESTATION_TOKEN_CONTINUE',
        args: 'addr 0x80000000 offset 0 size 4096',
        status: 'RSI_INCOMPLETE',
        x1: '1000',
        rule: 'continue piece 1000',
        model: 'sound',
        says: 'a sound RMM answers so; 1000 bytes from 0 on at 0x80000000',
      },
      {
        nth: 3,
        command: 'RSI_ATTESTATION_TOKEN_CONTINUE',
        args: 'addr 0x80000000 offset 1000 size 3096',
        status: 'RSI_INCOMPLETE',
        x1: '0x80000000',
        rule: 'continue length 0x80000000',
        model: 'rmm',
        says: 'it takes a broken or hostile RMM: X1 is not what came; 1000 bytes from 1000 on at 0x800003e8',
      },
    ]);
  });

  test('ends whatever any client of any script does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const { end, status } = converse(decodeScript(bytes), fetchToken(CHALLENGE, GUEST_PAGE), { budget: 100 });
        expect(status.calls).toBeLessThanOrEqual(100);
        expect(['token', 'gave-up', 'endless']).toContain(end.kind);
      }),
      { seed: 3, numRuns: 300 },
    );
  });
});

/** A client with faults that are chosen: the loop of a driver, as few lines as it can be. */
function* faulty(fault: 'edge' | 'length' | 'spin' | 'bound' | 'status' | 'crash'): Client<Uint8Array> {
  const { x } = yield { smc: init };
  if (x[0] !== 0n) throw new Error('INIT failed');
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (let waits = 0; ; ) {
    const offset = BigInt(bytes % 4096);
    const answer = yield { smc: go(offset) };
    const [status = 0n, length = 0n] = answer.x;
    if (status !== 0n && status !== 3n && fault !== 'status') throw new Error('CONTINUE failed');
    waits = length === 0n ? waits + 1 : 0;
    if (waits > 100 && fault !== 'spin') throw new Error('no progress');
    if (fault === 'crash' && length === 7n) throw new TypeError('fell over');
    if (length > 4096n - offset && fault !== 'length') throw new Error('longer than asked');
    const read = yield { access: 'read', ipa: PAGE + offset, length: Number(length % 5000n) };
    parts.push(read.bytes ?? new Uint8Array());
    bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (BigInt(bytes) > (x[1] ?? 0n) && fault !== 'bound') throw new Error('longer than promised');
    if (fault === 'edge' && status === 3n && bytes % 4096 === 0 && length > 0n)
      throw new Error('incomplete at the edge');
    if (status !== 3n) break;
  }
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('a judgement', () => {
  const gaveUp = (error: unknown) => !(error instanceof TypeError);
  const judged = (text: string, fault: Parameters<typeof faulty>[0]) => {
    const { end, status } = converse(assemble(text), faulty(fault), { budget: 1000, gaveUp });
    const found = judgeClient(end, status);
    return found && `${found.finding} ${found.model}`;
  };

  test.each([
    ['edge', 'total 8192', 'gave-up host'],
    ['length', 'init bound 8192\ncontinue more 1', 'trusted-length rmm'],
    ['spin', 'continue wait for ever', 'endless host'],
    ['bound', 'total 4097\ninit short 1', 'over-bound rmm'],
    ['status', 'continue status 4', 'refused-token rmm'],
    ['crash', 'chunk 7', 'crash host'],
    ['crash', 'continue length 7', 'crash rmm'],
  ] as const)('of a client with the fault %s, under %j, is %s', (fault, text, finding) => {
    expect(judged(text, fault)).toBe(finding);
  });

  test('finds nothing wrong with fetchToken under any seed, but that it waits for ever', () => {
    const findings = [...seeds()].flatMap(([name, script]) => {
      const { end, status } = converse(script, fetchToken(CHALLENGE, GUEST_PAGE), { budget: 6000 });
      const found = judgeClient(end, status);
      return found === undefined ? [] : [`${name}: ${found.finding} ${found.model}`];
    });
    expect(findings).toEqual(['wait-for-ever: endless host']);
  });
});
