/**
 * What a test of a verifier takes: tokens that it has to accept and tokens that it has to refuse, with keys, challenge,
 * reference values and endorsements. For vitest, jest and node:test alike: plain synchronous functions.
 *
 * Owns: running the command line that lies beside it in the package, and reading what it wrote. Does not own: any token.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromHex } from '../bytes/index.ts';

/** Options of `swcca corpus`, of which the seed alone decides whose keys they are. */
export interface CorpusOptions {
  /** Identifiers of the catalogue, as the manifest of a corpus lists them; without it, all of them. */
  readonly only?: readonly string[];
  readonly dialect?: string;
  readonly seed?: string;
  readonly firmware?: string;
}

/** One token, what a verifier owes it, and what the verifier is to be given. */
export interface CorpusToken {
  readonly id: string;
  readonly token: Uint8Array;
  readonly verdict: 'must-accept' | 'must-reject' | 'policy';
  /** What was changed, in a few words. */
  readonly change: string;
  /** Which rule of which document says so. */
  readonly rule: { readonly document: string; readonly section: string; readonly says: string };
  /** What the verifier needs beside the key to tell: `challenge`, `reference`, … */
  readonly needs: readonly string[];
  /** The challenge that it asked for. */
  readonly challenge: Uint8Array;
  /** The platform key to trust with this token. */
  readonly key: PublicKeyForms;
  /** Reference values to hold it against, as `swcca verify --reference` reads them. */
  readonly reference: unknown;
}

/** One public key in the forms that verifiers read. */
export interface PublicKeyForms {
  /** SubjectPublicKeyInfo. */
  readonly pem: string;
  readonly jwk: JsonWebKeyEc;
  /** COSE_Key, CBOR. */
  readonly coseKey: Uint8Array;
}

export interface JsonWebKeyEc {
  readonly kty: 'EC';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  /** Says that the key is simulated. */
  readonly kid: string;
}

/** Tokens that go together: one chip, one key, one challenge but where a token says otherwise. */
export interface Corpus {
  readonly tokens: readonly CorpusToken[];
  readonly challenge: Uint8Array;
  readonly key: PublicKeyForms;
  /** By their path below `endorsements/`: CoRIM, the stores and configurations of known verifiers. */
  readonly endorsements: ReadonlyMap<string, Uint8Array>;
  /** The token of an id. @throws {RangeError} when it is not among them. */
  token(id: string): CorpusToken;
}

/** The command line of this package; where sources run, the one that was built from them. */
const commandLine = (): string => {
  const beside = ['../cli/main.js', '../../dist/cli/main.js'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = beside.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`swcca/testing: ${beside.join(' and ')} are missing: run npm run build`);
  return found;
};

const run = (args: readonly string[]): void => {
  const { status, stderr, error } = spawnSync(process.execPath, [commandLine(), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`swcca/testing: ${stderr.trim() || String(error)}`, { cause: error });
};

interface Described {
  readonly id: string;
  readonly verdict: CorpusToken['verdict'];
  readonly change: string;
  readonly rule: CorpusToken['rule'];
  readonly needs: readonly string[];
  readonly challenge: string;
  readonly given: { readonly key: string; readonly reference: string };
}

const readCorpus = (folder: string): Corpus => {
  const bytes = (name: string): Uint8Array => Uint8Array.from(readFileSync(join(folder, name)));
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const json = (name: string): unknown => JSON.parse(text(name));
  const keyOf = (name: string): PublicKeyForms => ({
    pem: text(`${name}.pem`),
    jwk: json(`${name}.jwk.json`) as JsonWebKeyEc,
    coseKey: bytes(`${name}.cose`),
  });
  const tokenOf = (id: string): CorpusToken => {
    const { verdict, change, rule, needs, challenge, given } = json(`${id}.json`) as Described;
    return {
      id,
      token: bytes(`${id}.cbor`),
      verdict,
      change,
      rule,
      needs,
      challenge: fromHex(challenge) ?? new Uint8Array(),
      key: keyOf(given.key),
      reference: json(given.reference),
    };
  };
  const { tokens: listed } = json('manifest.json') as { readonly tokens: readonly { readonly id: string }[] };
  const tokens = listed.map(({ id }) => tokenOf(id));
  const endorsements = readdirSync(join(folder, 'endorsements'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, 'endorsements').length + 1));
  return {
    tokens,
    challenge: bytes('challenge.bin'),
    key: keyOf('cpak'),
    endorsements: new Map(endorsements.sort().map((path) => [path, bytes(join('endorsements', path))])),
    token: (id) => {
      const found = tokens.find((each) => each.id === id);
      if (found === undefined) throw new RangeError(`swcca/testing: ${id} is not among ${tokens.length} tokens`);
      return found;
    },
  };
};

/**
 * Makes tokens for a test: the same bytes for the same options.
 *
 * @throws {Error} with what `swcca corpus` says, when the options cannot be used.
 */
export const corpus = ({ only, ...options }: CorpusOptions = {}): Corpus => {
  const folder = mkdtempSync(join(tmpdir(), 'swcca-testing-'));
  try {
    const named = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
    run(['corpus', '--out', join(folder, 'corpus'), ...(only === undefined ? [] : ['--only', only.join()]), ...named]);
    return readCorpus(join(folder, 'corpus'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
