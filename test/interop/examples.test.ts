import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { interop, needs } from './support/context.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const { goExample, rustExample, pythonExample, jestExample } = interop;

/** Each example with how it says which of its tests have passed, and how many there are. */
const examples = [
  { name: 'Go', example: goExample, passed: /^ {4}--- PASS: /gm, tests: 7 },
  { name: 'Rust', example: rustExample, passed: /^test the_verifier_\w+ \.\.\. ok$/gm, tests: 1 },
  { name: 'Python', example: pythonExample, passed: / PASSED /g, tests: 8 },
  { name: 'jest', example: jestExample, passed: /^ +✓ /gm, tests: 6 },
];

test.for(examples)('a test in $name takes its tokens from swcca', ({ example, passed, tests }, context) => {
  const { command, cwd, env } = needs(context, example);
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env, SWCCA: `${process.execPath} ${MAIN}` },
  });
  const said = stdout + stderr;
  expect(status, said).toBe(0);
  expect(said.match(passed), said).toHaveLength(tests);
});
