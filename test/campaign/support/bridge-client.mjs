// A guest's attestation client that speaks the bridge: bridge-client.mjs BUG TOKEN-FILE. With BUG `none` it is sound.
import { once } from 'node:events';
import { openSync, readSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const [, , bug, tokenFile] = process.argv;
const { SWCCA_SOCKET, SWCCA_MEMORY, SWCCA_IPA_BASE } = process.env;
const GRANULE = 4096;
const PATIENCE = 1000;
const [SUCCESS, INCOMPLETE] = [0n, 3n];

const socket = connect(SWCCA_SOCKET);
await once(socket, 'connect');
const memory = openSync(SWCCA_MEMORY, 'r');

const smc = async (...registers) => {
  const frame = Buffer.alloc(144);
  for (const [n, value] of registers.entries()) frame.writeBigUInt64LE(BigInt(value), 8 * n);
  socket.write(frame);
  let answer = Buffer.alloc(0);
  while (answer.length < frame.length) {
    const [piece] = await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [undefined])]);
    if (piece === undefined) process.exit(3);
    answer = Buffer.concat([answer, piece]);
  }
  return [answer.readBigUInt64LE(0), answer.readBigUInt64LE(8)];
};
const giveUp = (why) => {
  process.stderr.write(`${why}\n`);
  process.exit(1);
};

const [started, bound] = await smc(0xc4000194, 1, 2, 3, 4, 5, 6, 7, 8);
if (started !== SUCCESS) giveUp('INIT failed');
if (bug !== 'ignores-bound' && (bound === 0n || bound > 65536n)) giveUp('strange bound');
const room = bug === 'ignores-bound' ? 65536 : Number(bound);
const token = Buffer.alloc(room);
let size = 0;
for (let status = INCOMPLETE; status === INCOMPLETE; ) {
  let filled = 0;
  let waits = 0;
  do {
    let came;
    [status, came] = await smc(0xc4000195, SWCCA_IPA_BASE, filled, GRANULE - filled);
    if (status !== SUCCESS && status !== INCOMPLETE) giveUp('CONTINUE failed');
    if (came > BigInt(GRANULE - filled)) {
      if (bug !== 'trusts-length') giveUp('more than there was room for');
      throw new RangeError('the token runs over its granule');
    }
    waits = came === 0n ? waits + 1 : 0;
    if (bug === 'falls-over-waits' && waits > 0) throw new RangeError('nothing came');
    if (bug !== 'waits-for-ever' && waits > PATIENCE) giveUp('no progress');
    filled += Number(came);
  } while (status === INCOMPLETE && filled < GRANULE);
  if (bug === 'fails-at-the-edge' && status === INCOMPLETE) giveUp('incomplete at the end of a granule');
  if (size + filled > room) giveUp('more than the bound');
  readSync(memory, token, size, filled, 0);
  size += filled;
}
writeFileSync(tokenFile, token.subarray(0, size));
socket.destroy();
