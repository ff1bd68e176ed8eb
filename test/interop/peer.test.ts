import { describe, expect, test } from 'vitest';
import { judgeAll } from './support/peer.ts';

/** A peer that accepts every token but two: at the one it dies, at the other it says nothing more. */
const frail = [
  process.execPath,
  '-e',
  `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { token } = JSON.parse(line);
    if (token === 'deadly') process.kill(process.pid, 'SIGABRT');
    else if (token === 'endless') for (;;);
    else process.stdout.write(JSON.stringify({ accepted: true }) + '\\n');
  })`,
];

const cases = ['good', 'deadly', 'good', 'endless', 'good'].map((token) => ({ token, key: '' }));

describe('the conversation with a peer', () => {
  test('a token that ends or stops the peer is an answer, and the others are still judged', async () => {
    const good = { accepted: true };
    expect(await judgeAll(frail, cases, 1000)).toEqual([
      good,
      { accepted: false, stage: 'crash', error: 'ended with SIGABRT' },
      good,
      { accepted: false, stage: 'hang', error: 'no answer within 1000 ms' },
      good,
    ]);
  });
});
