// A verifier that does as the argument says in place of an answer; with --lines at each second line.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const say = (stream, text) => stream.write(`${text}\n`);
const { values, positionals } = parseArgs({ options: { lines: { type: 'boolean' } }, allowPositionals: true });

const ACTS = {
  accept: () => process.exit(0),
  refuse: () => process.exit(1),
  say: () => say(process.stdout, 'verdict: pass'),
  odd: () => process.exit(42),
  throw: () => {
    throw new Error('nobody catches this');
  },
  abort: () => process.kill(process.pid, 'SIGABRT'),
  panic: () => {
    say(process.stderr, 'panic: runtime error: index out of range [1] with length 1');
    process.exit(2);
  },
  hang: () => setInterval(() => {}, 1000),
  hog: () => {
    const held = [];
    setInterval(() => held.push(Buffer.alloc(1 << 26, 1)), 5);
  },
  gibberish: () => say(process.stdout, 'not JSON'),
};
const act = ACTS[positionals[0]];

if (values.lines) {
  let asked = 0;
  for await (const _ of createInterface({ input: process.stdin })) {
    asked += 1;
    if (asked % 2 === 0) act();
    else say(process.stdout, '{"accepted": true}');
  }
} else {
  act();
}
