import { inject, type TestContext } from 'vitest';

/** Who can take part, as scripts/test-interop.mjs found it. A participant that is not there says why. */
export type Participant<Parts> =
  | ({ readonly ready: true } & Parts)
  | { readonly ready: false; readonly reason: string };

export type Programs = Readonly<Record<string, string>>;

export interface Interop {
  /** What each peer is and which version of it is pinned. */
  readonly titles: Readonly<
    Record<
      | 'ccatokenCli'
      | 'goCcatoken'
      | 'goCcatokenNext'
      | 'goConfigfsTsm'
      | 'goCorim'
      | 'goCorimNext'
      | 'goEar'
      | 'rustCcatoken'
      | 'rustConfigfsTsm'
      | 'rustCose'
      | 'wycheproof',
      string
    >
  >;
  readonly ccatokenCli: Participant<{ readonly command: readonly string[] }>;
  readonly goCcatoken: Participant<{ readonly command: readonly string[] }>;
  readonly goCcatokenNext: Participant<{ readonly command: readonly string[] }>;
  readonly goCorim: Participant<{ readonly command: readonly string[] }>;
  readonly goVeraison: Participant<{ readonly command: readonly string[] }>;
  readonly goConfigfsTsm: Participant<{ readonly command: readonly string[] }>;
  readonly rustCcatoken: Participant<{ readonly command: readonly string[] }>;
  readonly rustConfigfsTsm: Participant<{ readonly command: readonly string[] }>;
  readonly goExample: Participant<Example>;
  readonly rustExample: Participant<Example>;
  readonly pythonExample: Participant<Example>;
  readonly jestExample: Participant<Example>;
  readonly openssl: Participant<{ readonly version: string }>;
  readonly wycheproof: Participant<{ readonly directory: string }>;
  readonly chromium: Participant<{ readonly program: string; readonly version: string }>;
  /** The client in C and copies of it with one mistake each: `programs` by name (scripts/lib/interop/clients.mjs). */
  readonly cClients: Participant<{
    readonly programs: Programs;
    readonly version: string;
    readonly sanitizes: boolean;
  }>;
  readonly aflClients: Participant<{ readonly programs: Programs; readonly version: string }>;
  /** A network with an address that is not loopback: `command` goes before what runs in it. */
  readonly otherHost: Participant<{ readonly command: readonly string[]; readonly address: string }>;
  readonly libfuzzerClients: Participant<{ readonly programs: Programs; readonly version: string }>;
  readonly kernel: Participant<{ readonly image: string; readonly package: string }>;
  readonly linuxGuest: Participant<{ readonly image: string; readonly initrd: string; readonly package: string }>;
  readonly qemu: Participant<{ readonly program: string; readonly version: string }>;
}

/** A test of somebody's, and how it is run. */
export interface Example {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

declare module 'vitest' {
  interface ProvidedContext {
    interop: Interop;
  }
  interface TaskMeta {
    /** What was counted, for the closing summary. */
    counted?: string;
  }
}

function provided(): Interop {
  const found: Interop | undefined = inject('interop');
  if (found === undefined) throw new Error('these tests need their peers prepared: npm run test:interop');
  return found;
}

export const interop = provided();

/** The parts of a participant; without them the test is left out, with the reason in the closing summary. */
export function needs<Parts>(context: TestContext, participant: Participant<Parts>): Parts {
  const prepared: Participant<Parts> | undefined = participant;
  if (prepared === undefined) throw new Error('whoever is needed has to be named in the file of the test');
  if (!prepared.ready) return context.skip(prepared.reason);
  return prepared;
}
