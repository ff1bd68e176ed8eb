import { chmodSync } from 'node:fs';
import type { Server } from 'node:net';

/** The longest name that a Unix socket can have, in bytes. */
export const MAX_SOCKET_PATH = 107;

/**
 * Listens at a Unix socket that is for this user alone.
 *
 * @throws {NodeJS.ErrnoException} when the system does not take it, as where its name is too long: that one would be cut
 *   short, and the socket stand elsewhere.
 */
export const listenAt = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const length = Buffer.byteLength(path);
    if (length > MAX_SOCKET_PATH) {
      const says = `a socket's name has at most ${MAX_SOCKET_PATH} bytes, not ${length}: ${path}; a shorter TMPDIR helps`;
      reject(Object.assign(new Error(says), { code: 'ENAMETOOLONG', syscall: 'listen', path }));
      return;
    }
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      chmodSync(path, 0o600);
      resolve();
    });
  });
