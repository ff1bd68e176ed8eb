/**
 * A guest in a process of its own: plain Node, none of this project's code. It speaks frames of X0 to X17 over the socket
 * and reads what the RMM wrote from the memory file.
 *
 *   node client.mjs SOCKET MEMORY BASE ACTION [ARGUMENT]
 *
 * `token CHALLENGE` prints a token as hexadecimal; `host-call VALUE` prints what the Host put into the structure.
 */
import { openSync, readSync, writeSync } from 'node:fs';
import { connect } from 'node:net';

const [socketPath, memoryPath, base, action, argument] = process.argv.slice(2);

const FRAME = 144;
const GRANULE = 4096;
const RSI = {
  VERSION: 0xc4000190n,
  ATTESTATION_TOKEN_INIT: 0xc4000194n,
  ATTESTATION_TOKEN_CONTINUE: 0xc4000195n,
  HOST_CALL: 0xc4000199n,
};
const SUCCESS = 0n;
const INCOMPLETE = 3n;

const socket = connect(socketPath);
const memory = openSync(memoryPath, 'r+');
const MEMORY_BASE = BigInt(base);

let received = Buffer.alloc(0);
let waiting;
socket.on('data', (piece) => {
  received = Buffer.concat([received, piece]);
  if (received.length < FRAME) return;
  const frame = received.subarray(0, FRAME);
  received = received.subarray(FRAME);
  waiting.resolve(Array.from({ length: 18 }, (_, n) => frame.readBigUInt64LE(8 * n)));
});
socket.on('error', (error) => waiting?.reject(error));
socket.on('close', () => waiting?.reject(new Error('the bridge closed the connection')));

const smc = (...x) => {
  const frame = Buffer.alloc(FRAME);
  x.forEach((value, n) => {
    frame.writeBigUInt64LE(value, 8 * n);
  });
  socket.write(frame);
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject };
  });
};

const position = (ipa) => Number(ipa - MEMORY_BASE);
const read = (ipa, size) => {
  const bytes = Buffer.alloc(size);
  readSync(memory, bytes, 0, size, position(ipa));
  return bytes;
};

const doublewords = (bytes) => Array.from({ length: bytes.length / 8 }, (_, n) => bytes.readBigUInt64LE(8 * n));

const fetchToken = async (challenge, page) => {
  const [status, bound] = await smc(RSI.ATTESTATION_TOKEN_INIT, ...doublewords(challenge));
  if (status !== SUCCESS) throw new Error(`INIT answered ${status}`);
  const granules = [];
  let pieces = 0;
  for (let answer = INCOMPLETE; answer === INCOMPLETE; ) {
    let filled = 0;
    do {
      const offset = BigInt(filled);
      let length;
      [answer, length] = await smc(RSI.ATTESTATION_TOKEN_CONTINUE, page, offset, BigInt(GRANULE) - offset);
      if (answer !== SUCCESS && answer !== INCOMPLETE) throw new Error(`CONTINUE answered ${answer}`);
      filled += Number(length);
      pieces += 1;
    } while (answer === INCOMPLETE && filled < GRANULE);
    granules.push(read(page, filled));
  }
  const token = Buffer.concat(granules);
  if (token.length > Number(bound)) throw new Error('longer than promised');
  return { token, pieces };
};

const actions = {
  async token(challenge) {
    const [status] = await smc(RSI.VERSION, 0x10000n);
    if (status !== SUCCESS) throw new Error(`VERSION answered ${status}`);
    const { token, pieces } = await fetchToken(Buffer.from(challenge, 'hex'), MEMORY_BASE + 0x20_0000n);
    return { token: token.toString('hex'), pieces };
  },
  async 'host-call'(value) {
    const structure = Buffer.alloc(256);
    structure.writeUInt16LE(7, 0);
    structure.writeBigUInt64LE(BigInt(value), 8);
    const at = MEMORY_BASE + 0x30_0000n;
    writeSync(memory, structure, 0, structure.length, position(at));
    const [status] = await smc(RSI.HOST_CALL, at);
    return { status: Number(status), answer: read(at, 256).readBigUInt64LE(8).toString() };
  },
};

const result = await actions[action](argument);
waiting = undefined;
process.stdout.write(`${JSON.stringify(result)}\n`);
socket.end();
