// A verifier with a hole: it knows better than to mind the findings that it is told to overlook.
//
//   node toy.mjs --lax CODE,… TOKEN KEY.pem     exit status 0 is acceptance
//   node toy.mjs --lax CODE,… --lines           a JSON line for each, as adapters have it
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { nodeCrypto } from '../../../dist/crypto/node.js';
import { FINDINGS, parseKeyFile, verifyToken } from '../../../dist/verify/index.js';

const say = (stream, text) => stream.write(`${text}\n`);
const { values, positionals } = parseArgs({
  options: { lax: { type: 'string', default: '' }, lines: { type: 'boolean' } },
  allowPositionals: true,
});
const overlooked = new Set(values.lax.split(','));

const judge = (token, key) => {
  const { key: trusted } = parseKeyFile(readFileSync(key), nodeCrypto);
  const { findings } = verifyToken(readFileSync(token), { crypto: nodeCrypto, key: trusted });
  const minded = findings.find(({ code }) => FINDINGS[code].severity === 'error' && !overlooked.has(code));
  return { accepted: minded === undefined, error: minded?.code };
};

if (values.lines) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { token, key } = JSON.parse(line);
    say(process.stdout, JSON.stringify(judge(token, key)));
  }
} else {
  const { accepted, error } = judge(...positionals);
  if (!accepted) say(process.stderr, `refused: ${error}`);
  process.exitCode = accepted ? 0 : 1;
}
