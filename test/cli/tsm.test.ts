import { mkdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../src/cli/index.ts';
import { folder } from './support/folder.ts';
import { swcca } from './support/swcca.ts';

const CONTINUE = 'RSI_ATTESTATION_TOKEN_CONTINUE';
const planOf = (fault: string): string => `version: 1\nmodel: host\nfaults: [${fault}]\n`;
/** Asks for a report in a plain folder, and waits for it far longer than it takes. */
const ASK =
  'mkdir r/one; head -c 64 /dev/zero > r/one/inblob; while ! [ -s r/one/outblob ]; do sleep 0.1; done; wc -c < r/one/outblob';

describe('swcca tsm --dir', { timeout: 120_000 }, () => {
  test('gives a report although the Host interrupts', () => {
    const { path, write } = folder();
    mkdirSync(`${path}/r`);
    const plan = write('plan.yaml', planOf(`{ at: host.smc.${CONTINUE}, act: { interrupt: { polls: 1 } } }`));
    const { code, out } = swcca(['tsm', '--faults', plan, '--dir', 'r', '--', 'sh', '-c', ASK], { cwd: path });
    expect(code).toBe(EXIT.ok);
    expect(Number(out)).toBeGreaterThan(1000);
  });

  test('ends its program where the Host denies service: it would wait for ever', () => {
    const { path, write } = folder();
    mkdirSync(`${path}/r`);
    const plan = write('plan.yaml', planOf(`{ at: host.smc.${CONTINUE}, act: { deny: true } }`));
    const { code, out, err } = swcca(['tsm', '--faults', plan, '--dir', 'r', '--', 'sh', '-c', ASK], { cwd: path });
    expect({ code, out, err }).toEqual({
      code: EXIT.no,
      out: '',
      err: `swcca tsm: the Host denies service, as its fault plan says at host.smc.${CONTINUE}; the program was ended\n`,
    });
  });
});
