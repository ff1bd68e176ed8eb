/**
 * A Unix socket that sends back what it gets: what a bridge could be at best.
 *
 *   node echo-server.mjs PATH
 *
 * Prints the path when it listens, and ends with its standard input.
 */
import { createServer } from 'node:net';

const [path] = process.argv.slice(2);
createServer((socket) => {
  socket.on('data', (piece) => socket.write(piece));
  socket.on('error', () => undefined);
}).listen(path, () => console.log(path));
process.stdin.on('end', () => process.exit()).resume();
