import type { RealmPlan } from '../../host/index.ts';
import { badCommandLine } from '../exit.ts';
import type { ChallengeSource } from './challenge.ts';
import { address, hexBytes } from './values.ts';

/** `--payload FILE[@IPA]` */
export interface PayloadOption {
  readonly text: string;
  readonly path: string;
  readonly at: bigint | undefined;
}

/** What follows the last `@` is an address when it is a number; else the `@` belongs to the file's name. */
export const parsePayload = (text: string): PayloadOption => {
  const [, path = text, at] = /^(.+)@(0x[0-9a-f]+|[0-9]+)$/i.exec(text) ?? [];
  if (path === '') throw badCommandLine('is empty; name a file');
  return { text, path, at: at === undefined ? undefined : address(at) };
};

/** `--extend N=HEX` or `N=@FILE` */
export interface ExtendOption {
  readonly text: string;
  readonly rem: number;
  readonly value:
    | { readonly from: 'bytes'; readonly bytes: Uint8Array }
    | { readonly from: 'file'; readonly path: string };
}

const REMS = ['1', '2', '3', '4'];

/** The index as RSI_MEASUREMENT_EXTEND counts; the value as it is, or a file that stands for its digest. */
export const parseExtend = (text: string): ExtendOption => {
  const [, rem, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (rem === undefined || value === undefined) throw badCommandLine('is written N=HEX or N=@FILE');
  if (!REMS.includes(rem)) throw badCommandLine(`there is no REM "${rem}"; N is 1 to 4`);
  if (value.startsWith('@')) {
    if (value.length === 1) throw badCommandLine('needs a file after @');
    return { text, rem: Number(rem), value: { from: 'file', path: value.slice(1) } };
  }
  return { text, rem: Number(rem), value: { from: 'bytes', bytes: hexBytes(value, 1, 64) } };
};

/** `--chunk 4096` or a list such as `1,7,4096`: most bytes of each CONTINUE in turn, the last for all that follow. */
export const parseChunk = (text: string): readonly number[] =>
  text.split(',').map((part) => {
    const size = /^[0-9]{1,4}$/.test(part) ? Number(part) : 0;
    if (size < 1 || size > 4096) throw badCommandLine(`"${part}" is not a number of bytes from 1 to 4096`);
    return size;
  });

/** What the command line says about a Realm. It speaks louder than the file, and adds to it. */
export interface RealmOptions {
  /** The Realm file; `-` is standard input; undefined is a Realm of defaults. */
  readonly file: string | undefined;
  readonly payloads: readonly PayloadOption[];
  readonly hash: RealmPlan['hash'] | undefined;
  readonly rpv: Uint8Array | undefined;
  /** Extended after what the file extends, before the first token is asked for. */
  readonly extends: readonly ExtendOption[];
  readonly challenge: ChallengeSource | undefined;
}
