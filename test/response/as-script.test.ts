import { describe, expect, test } from 'vitest';
import { fetchToken } from '../../src/host/index.ts';
import { assemble, conversationScript, converse, seeds } from '../../src/response/index.ts';
import { run } from '../script/support.ts';

const challenge = new Uint8Array(64).fill(7);
const scriptOf = (text: string): string =>
  conversationScript(converse(assemble(text), fetchToken(challenge, 0x8000_0000n), { budget: 40 }).calls);

describe('a conversation as a script of calls', () => {
  test('has an emulated Host interrupt where a Host would have to', () => {
    const text = scriptOf('continue wait times 3');
    expect(text.match(/=> exit IRQ/g)?.length).toBe(3);
    expect(text).toContain('impdef signSteps=4\n');
    const { differences, error } = run(text);
    expect({ differences, error }).toEqual({ differences: [], error: undefined });
  });

  test('says of each call who could have answered so', () => {
    expect(scriptOf('continue length 4097')).toContain(
      '# call 2: RSI_SUCCESS, X1 4097; it takes a broken or hostile RMM: X1 is not what came',
    );
  });

  test.each([...seeds()])('%s runs on a machine as it is written', (_, script) => {
    const { calls } = converse(script, fetchToken(challenge, 0x8000_0000n), { budget: 40 });
    const { differences, error } = run(conversationScript(calls));
    expect({ differences, error }).toEqual({ differences: [], error: undefined });
  });
});
