import { deserialize, serialize } from 'node:v8';
import type { RealmReply } from '../../../src/platform/index.ts';
import type { Driver, Setup } from '../language/driver.ts';

/** What is asked on the host socket: a new machine, or any act of a driver but an SMC of a Realm, which is a frame. */
export type Act = 'start' | Exclude<keyof Driver, 'machine' | 'realmSmc' | 'inside'>;

/** One line of the host socket from the Host. */
export interface Asked {
  readonly act: Act;
  readonly args: readonly unknown[];
}

/** One line to the Host. */
export type Told =
  /** What the act came to. */
  | { readonly kind: 'answer'; readonly value: unknown }
  /** It, or the SMC of a Realm, threw. */
  | { readonly kind: 'error'; readonly says: string }
  /** The SMC of a Realm came to something that is no frame: the Host has the PE, or the Realm took an exception. */
  | { readonly kind: 'left'; readonly pe: number; readonly reply: RealmReply };

/** What crosses the socket of a setup. A set of commands is functions, and cannot. */
export type PlainSetup = Omit<Setup, 'commands'>;

/** PEs that have a socket for the guest on them. */
export const PES = 4;

export const hostSocket = (folder: string): string => `${folder}/host.sock`;
export const guestSocket = (folder: string, pe: number): string => `${folder}/pe-${pe}.sock`;

/** A value as a line: JSON has no 64-bit numbers, bytes or members that are there and undefined. */
export const toLine = (value: Asked | Told): string => `${serialize(value).toString('base64')}\n`;

export const fromLine = <T extends Asked | Told>(line: string): T => deserialize(Buffer.from(line, 'base64')) as T;

/** Cuts what comes on the host socket into lines. */
export const lineReader = (): ((piece: Uint8Array) => string[]) => {
  let pending = '';
  return (piece) => {
    const lines = (pending + Buffer.from(piece).toString('latin1')).split('\n');
    pending = lines.pop() ?? '';
    return lines;
  };
};
