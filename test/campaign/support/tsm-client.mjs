// An attester that reads tsm/report: tsm-client.mjs BUG TOKEN-FILE. With BUG `none` it is sound.
import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmdirSync, writeFileSync } from 'node:fs';

const [, , bug, tokenFile] = process.argv;
const report = '/sys/kernel/config/tsm/report/client';
const attribute = (name) => readFileSync(`${report}/${name}`, 'utf8');

const outblob = () => {
  if (bug !== 'reads-once') return readFileSync(`${report}/outblob`);
  const file = openSync(`${report}/outblob`, 'r');
  const bytes = Buffer.alloc(32768);
  const length = readSync(file, bytes);
  closeSync(file);
  return bytes.subarray(0, length);
};

try {
  mkdirSync(report);
  if (attribute('provider') !== 'arm_cca_guest\n') throw new Error('another provider');
  const before = BigInt(attribute('generation'));
  writeFileSync(`${report}/inblob`, Buffer.alloc(64, 7));
  const token = outblob();
  if (bug !== 'ignores-generation' && BigInt(attribute('generation')) !== before + 1n) throw new Error('raced');
  writeFileSync(tokenFile, token);
  rmdirSync(report);
} catch (error) {
  if (bug === 'falls-over-busy' && error.code === 'EBUSY') process.abort();
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
