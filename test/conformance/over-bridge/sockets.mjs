import { connect } from 'node:net';
import { workerData } from 'node:worker_threads';

/**
 * The sockets of a thread that waits for their answers: that thread can neither read nor write them while it waits. Moves
 * bytes and knows nothing of what is in them.
 */
const { port, signal } = workerData;
const sockets = new Map();

const tell = (message) => {
  port.postMessage(message);
  Atomics.add(signal, 0, 1);
  Atomics.notify(signal, 0);
};

port.on('message', ({ path, bytes }) => {
  const known = sockets.get(path);
  if (bytes === undefined) {
    sockets.delete(path);
    known?.destroy();
    return;
  }
  const socket = known ?? connect(path);
  if (known === undefined) {
    sockets.set(path, socket);
    socket.on('data', (piece) => tell({ path, piece }));
    socket.on('error', (error) => tell({ path, broken: error.message }));
    socket.on('close', () => {
      if (sockets.get(path) !== socket) return;
      sockets.delete(path);
      tell({ path, closed: true });
    });
  }
  socket.write(bytes);
});
