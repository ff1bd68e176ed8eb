import { rmiResultText } from '../abi/index.ts';
import {
  enterVcpu,
  HostError,
  leaveVcpu,
  type Progress,
  performAct,
  type RunEnd,
  type Vcpu,
  type VcpuHost,
} from '../host/index.ts';
import { decodeFrame, encodeFrame } from './frame.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Why a connection is over. */
export type EndCode =
  /** The guest closed it, between two frames. */
  | 'CLOSED'
  /** The guest closed it in the middle of a frame. */
  | 'HALF_FRAME'
  /** The Realm is off. */
  | 'REALM_OFF'
  /** The REC turned itself off, or cannot be entered. */
  | 'REC_STOPPED'
  /** Every REC that can run has a connection, or there are too many connections. */
  | 'REFUSED'
  /** The guest named memory that it does not share. */
  | 'OUTSIDE_MEMORY'
  /** The Host cannot give the guest what it asks for. */
  | 'HOST_GAVE_UP'
  /** A limit of the bridge. */
  | 'LIMIT'
  /** The operating system. */
  | 'SYSTEM'
  /** swcca did something that it never should: the others go on. */
  | 'BUG'
  /** The bridge closes. */
  | 'SHUTDOWN';

export interface SessionEnd {
  readonly code: EndCode;
  /** One sentence, for people. */
  readonly says: string;
}

/** Told of an SMC of a guest that has been answered. */
export type CallWatcher = (asked: readonly bigint[], answered: readonly bigint[]) => void;

export type FrameReply = { readonly frame: Uint8Array } | { readonly end: SessionEnd };

/** One guest on one REC, without its socket: a frame in, a frame out. Synchronous, like the machine. */
export interface Session {
  /** Carries out the SMC of a frame; the Host answers whatever exits it takes. */
  answer(frame: Uint8Array): FrameReply;
  /** The Host takes the PE back. The REC can be entered again. @returns what went wrong with that. */
  leave(): SessionEnd | undefined;
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error && 'code' in error;

/** What went wrong, as the end of this guest alone. */
const failure = (error: unknown): SessionEnd => {
  if (error instanceof HostError) return { code: 'HOST_GAVE_UP', says: error.message };
  if (isSystemError(error)) return { code: 'SYSTEM', says: `${error.syscall}: ${error.code}` };
  return { code: 'BUG', says: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
};

const runEnd = (end: RunEnd): SessionEnd => {
  switch (end.kind) {
    case 'off':
      return { code: 'REALM_OFF', says: 'the Realm turned itself off' };
    case 'stopped':
      return { code: 'REC_STOPPED', says: `RMI_REC_ENTER answered ${rmiResultText(end.result)}` };
    case 'idle':
      return { code: 'CLOSED', says: 'the guest has nothing more to do' };
  }
};

export const createSession = (
  host: VcpuHost,
  vcpu: Vcpu,
  memory: Pick<SharedMemory, 'unreachable'>,
  onCall?: CallWatcher,
): Session => {
  const runs = (): boolean => host.platform.rmm.state.running(vcpu.pe) !== undefined;

  const perform = (smc: readonly bigint[]): Progress => {
    // The REC is entered when its guest speaks: until then the PE is the Host's.
    const entered = runs() ? undefined : enterVcpu(host, vcpu);
    return entered?.kind === 'over' ? entered : performAct(host, vcpu, { smc });
  };

  return {
    answer(frame) {
      const strangers = memory.unreachable.length;
      try {
        const asked = decodeFrame(frame);
        const progress = perform(asked);
        if (progress.kind === 'over') return { end: runEnd(progress.end) };
        const stranger = memory.unreachable[strangers];
        if (stranger !== undefined) {
          const says = `IPA 0x${stranger.toString(16)} is outside the shared memory`;
          return { end: { code: 'OUTSIDE_MEMORY', says } };
        }
        const { exception, x } = progress.result;
        if (exception !== undefined) {
          return { end: { code: 'HOST_GAVE_UP', says: `the guest took an exception: ${exception}` } };
        }
        onCall?.(asked, x);
        return { frame: encodeFrame(x) };
      } catch (error) {
        return { end: failure(error) };
      }
    },
    leave() {
      try {
        if (runs()) leaveVcpu(host, vcpu);
        return undefined;
      } catch (error) {
        return failure(error);
      }
    },
  };
};
