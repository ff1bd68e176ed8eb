import { describe, expect, test } from 'vitest';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import { parseScript } from '../../src/script/index.ts';
import { without } from '../../src/spec/index.ts';
import { createScene } from './scenes.ts';
import { report, runSequence } from './sequence.ts';

/** A monitor that gives granules back to the Host while they are in use. */
const careless = {
  ...RMM_1_0,
  rmi: RMM_1_0.rmi.map((command) => (command.name === 'RMI_REALM_DESTROY' ? without(command, 'realm_live') : command)),
};

describe('a sequence that breaks a law', () => {
  const scene = createScene('zeros', { commands: careless });
  const [seed, failure] = [...Array(50).keys()]
    .map((each) => [each, runSequence(scene, each, 200).failure] as const)
    .find(([, found]) => found !== undefined) ?? [0, undefined];

  test('is found in a monitor that forgot a condition', () => {
    expect(failure?.law).toMatch(/belongs to|mapped nowhere|has no/);
  });

  test('is reported with its seed, as few acts, and as a script that says what it does', () => {
    if (failure === undefined) return expect.fail('nothing to report');
    const [law, head, ...lines] = report(scene, seed, 200, failure).split('\n');
    expect(law).toMatch(/belongs to|mapped nowhere|has no/);
    expect(head).toMatch(/^scene zeros, seed \d+, 200 commands; [1-9] acts are enough:$/);
    const script = lines.slice(lines.indexOf('as a script, from the start of the machine:') + 1);
    expect(parseScript(script.join('\n')).problems).toEqual([]);
    expect(script.at(-1)).toMatch(/^rmi REALM_DESTROY 0x[0-9a-f]+ => SUCCESS$/);
  });
});
