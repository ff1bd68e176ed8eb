// Plays a service at an address that is not loopback, and an attester that is told to go there. Run in a network namespace
// of its own, where that address is the namespace's.
//
//   node far-service.mjs ADDRESS MAIN '[["--hes","islet"],…]'
//
// Writes for each list of options how the attester ended, and which requests came in: one JSON array.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [address, main, lists] = process.argv.slice(2);
const result = ['{"alg":"none"}', '{"submods":{"CCA_REALM":{"ear.status":"affirming"}}}', '-']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');
let requests = [];
const server = createServer((request, response) => {
  requests.push(`${request.method} ${request.url}`);
  request.resume().on('end', () => {
    const opens = request.url?.includes('newSession') === true;
    response.writeHead(opens ? 201 : 200, { location: 'session/1' });
    const session = { nonce: Buffer.alloc(64, 1).toString('base64') };
    response.end(
      JSON.stringify(opens ? { ...session, status: 'waiting' } : { ...session, status: 'complete', result }),
    );
  });
});
await new Promise((listening) => server.listen(0, address, listening));

const outcomes = [];
for (const options of JSON.parse(lists)) {
  requests = [];
  const to = `veraison:http://${address}:${server.address().port}/`;
  const child = spawn(process.execPath, [main, 'attest', '--to', to, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  const code = await new Promise((ended) => child.on('close', ended));
  outcomes.push({ code, err, requests });
}
server.close();
process.stdout.write(JSON.stringify(outcomes));
