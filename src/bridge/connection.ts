import type { Socket } from 'node:net';
import { createFrameReader, FRAME_SIZE } from './frame.ts';
import type { BridgeLimits } from './limits.ts';
import type { Session, SessionEnd } from './session.ts';

/** How a connection ended, and after how many frames that were answered. */
export interface ConnectionEnd extends SessionEnd {
  readonly frames: number;
}

/** How long a guest may take to read its last answers. */
const LINGER_MS = 1000;

/**
 * Serves one guest until its connection is over, for whatever reason: `onEnd` is called exactly once.
 *
 * A guest that does not read its answers is not read from either: what is kept for it is one answer, and one piece of
 * what it sent.
 *
 * @returns what ends the connection from this side.
 */
export const serveConnection = (
  socket: Socket,
  session: Session,
  limits: BridgeLimits,
  onEnd: (end: ConnectionEnd) => void,
): ((end: SessionEnd) => void) => {
  const reader = createFrameReader();
  let frames = 0;
  let over = false;

  const end = (why: SessionEnd): void => {
    if (over) return;
    over = true;
    onEnd({ ...why, frames });
    // What was answered still reaches the guest, if it reads; nothing that it sends is taken any more.
    socket.pause();
    socket.end(() => socket.destroy());
    socket.setTimeout(LINGER_MS, () => socket.destroy());
  };

  const answerAll = (): void => {
    for (let frame = reader.next(); frame !== undefined && !over; frame = reader.next()) {
      if (frames >= limits.frames) {
        end({ code: 'LIMIT', says: `more than ${limits.frames} frames` });
        return;
      }
      const reply = session.answer(frame);
      if ('end' in reply) {
        end(reply.end);
        return;
      }
      frames += 1;
      if (!socket.write(reply.frame)) {
        socket.pause();
        return;
      }
    }
  };

  socket.on('data', (piece) => {
    if (over) return;
    reader.push(piece);
    answerAll();
  });
  socket.on('drain', () => {
    answerAll();
    if (!socket.writableNeedDrain) socket.resume();
  });
  socket.on('end', () => {
    const { left } = reader;
    if (left === 0) end({ code: 'CLOSED', says: 'the guest closed the connection' });
    else end({ code: 'HALF_FRAME', says: `the guest sent ${left} of the ${FRAME_SIZE} bytes of a frame` });
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end({ code: 'SYSTEM', says: `the connection broke: ${error.code ?? error.message}` });
  });
  socket.on('close', () => end({ code: 'CLOSED', says: 'the guest closed the connection' }));
  socket.setTimeout(limits.idleMs, () => end({ code: 'LIMIT', says: `nothing came for ${limits.idleMs} ms` }));
  return end;
};
