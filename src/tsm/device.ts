import { closeSync, read, writeSync } from 'node:fs';
import { FUSE_MAX_WRITE, type FuseServer } from './fuse-server.ts';

/** Not yet mounted: the kernel has nothing to ask. */
const UNMOUNTED_WAIT_MS = 1;

/**
 * Answers what the kernel asks on a FUSE device: reads one request at a time, answers it, reads the next; ends when the
 * mount is gone. Takes over the descriptor.
 */
export const serveDevice = (device: number, server: FuseServer): { stop(): void } => {
  const buffer = new Uint8Array(FUSE_MAX_WRITE + 0x1000);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    closeSync(device);
  };
  const next = (): void => {
    if (!open) return;
    read(device, buffer, 0, buffer.length, null, (error, length) => {
      if (error !== null) {
        // ENOENT: the request was withdrawn before it was read. Not yet mounted: EPERM.
        if (error.code === 'ENOENT' || error.code === 'EINTR' || error.code === 'EAGAIN') return next();
        if (error.code === 'EPERM') {
          setTimeout(next, UNMOUNTED_WAIT_MS);
          return;
        }
        return close();
      }
      const reply = server(buffer.subarray(0, length));
      if (reply !== undefined && open) answer(device, reply);
      next();
    });
  };
  next();
  return { stop: close };
};

const answer = (device: number, reply: Uint8Array): void => {
  try {
    writeSync(device, reply);
  } catch (error) {
    // ENOENT: whoever asked was interrupted and does not wait any more.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
};
