// A verifier that does as the argument says in place of an answer; with --lines at each second line.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const say = (stream, text) => stream.write(`${text}\n`);
const { values, positionals } = parseArgs({ options: { lines: { type: 'boolean' } }, allowPositionals: true });

/** Another process that does something, whose number is written to a file; it has this one's output. */
const beside = (act) => {
  const { pid } = spawn(process.execPath, [process.argv[1], act], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (positionals[1] !== undefined) writeFileSync(positionals[1], String(pid));
};

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
  'hang-beside': () => {
    beside('hang');
    ACTS.hang();
  },
  'hog-beside': () => {
    beside('hog');
    ACTS.hang();
  },
  'leave-behind': () => {
    beside('hang');
    process.exit(0);
  },
  colour: () => {
    say(process.stderr, '\u001b[31mrefused\u001b[0m \u0007]]> <&"');
    process.exit(1);
  },
  flood: () => process.stdout.write('x'.repeat(1 << 22)),
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
