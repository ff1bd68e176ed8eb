// Reads reports as fast as it can: tsm-client.mjs COUNT. Writes how many milliseconds they took to standard output.
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';

const report = '/sys/kernel/config/tsm/report/bench';
const challenge = Buffer.alloc(64);
const count = Number(process.argv[2]);
const WARM_UP = 20;

const read = (n) => {
  challenge.writeUInt32LE(n);
  writeFileSync(`${report}/inblob`, challenge);
  if (readFileSync(`${report}/outblob`).length === 0) throw new Error('an empty report');
};

mkdirSync(report);
for (let n = 0; n < WARM_UP; n += 1) read(n);
const started = performance.now();
for (let n = 0; n < count; n += 1) read(WARM_UP + n);
process.stdout.write(`${performance.now() - started}\n`);
rmdirSync(report);
