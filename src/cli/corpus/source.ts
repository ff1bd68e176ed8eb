import { Bug, equalBytes, toHex } from '../../bytes/index.ts';
import { CORPUS_FORMAT, type Parameters, planCorpus, type Selection, type Source } from '../../corpus/index.ts';
import { coseKeyBytes } from '../../cose/index.ts';
import type { PublicKey } from '../../crypto/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import { endorsementFiles } from '../../endorse/index.ts';
import { type BaseToken, keyRing, mutate, secured } from '../../mutate/index.ts';
import { configKeys, type Platform, VERSION } from '../../platform/index.ts';
import {
  describeFinding,
  type Report,
  referenceValuesOf,
  referenceValuesToJson,
  verifyToken,
} from '../../verify/index.ts';
import { attestOn, readRealmOptions } from '../attest.ts';
import type { Call } from '../command.ts';
import { corimSigner, keyMark, subjectOf } from '../endorsements.ts';
import { badInput } from '../exit.ts';
import type { Terminal } from '../io/terminal.ts';
import { machineRecord } from '../machine-record.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import type { attestOptions } from '../options/attest.ts';
import { type dialectOptions, knobsFrom } from '../options/dialect.ts';
import type { machineOptions } from '../options/machine.ts';
import type { chipOptions } from '../options/platform.ts';

type SourceValues = Call<
  typeof machineOptions & typeof chipOptions & typeof dialectOptions & typeof attestOptions
>['values'];
type File = readonly [name: string, data: string | Uint8Array];

/** A machine's token, and all that a corpus needs to know of it. */
export interface CorpusSource {
  readonly source: Source;
  readonly parameters: Parameters;
  /** Reference values that the token meets, as JSON. */
  readonly reference: Readonly<Record<string, unknown>>;
  /** What real verifiers have to be given to accept the token. */
  readonly endorsements: readonly File[];
  /** What every file with a key says of it. */
  readonly mark: string;
}

/** None where a dialect leaves out what endorsements speak of. */
const endorsementsOf = (claims: Report['claims'], { seed, base }: Source, cpak: PublicKey): readonly File[] => {
  const subject = subjectOf(claims, cpak);
  if ('missing' in subject) return [];
  const options = { signer: corimSigner(nodeCrypto, seed), mark: keyMark(seed), token: base.token };
  return endorsementFiles(nodeCrypto, subject, options).map(({ path, data }): File => [`endorsements/${path}`, data]);
};

/** The platform keys of the machine, as whoever has its seed derives them. */
const keysOf = (platform: Platform): BaseToken['keys'] => {
  const keys = configKeys(nodeCrypto, platform.config);
  const cpak = keys && nodeCrypto.publicKey(keys.cpak);
  const known = platform.hes.status().cpak;
  if (keys === undefined || cpak === undefined || known === undefined) {
    throw badInput('this machine has no keys of its own to sign again with');
  }
  if (!equalBytes(coseKeyBytes(cpak), coseKeyBytes(known))) throw new Bug('the derived CPAK is not that of the chip');
  return keys;
};

/**
 * The token from which mutations start. A platform that is not secured, as in debug, would have every token refused for
 * its lifecycle alone: there the claim is set, and the tokens count as edited.
 */
const startingFrom = (base: BaseToken, seed: string): { readonly base: BaseToken; readonly edited: boolean } => {
  const keys = keyRing(nodeCrypto, base.keys, seed);
  const options = { crypto: nodeCrypto, key: keys.public('cpak'), challenge: base.challenge };
  const { accepted, findings } = verifyToken(base.token, options);
  if (accepted) return { base, edited: false };
  const { token } = mutate({ crypto: nodeCrypto, base, keys, seed }, secured);
  const [finding] = findings;
  if (verifyToken(token, options).accepted) return { base: { ...base, token }, edited: true };
  const why = finding === undefined ? '' : `: ${describeFinding(finding)}`;
  throw badInput(`a corpus starts from a good token, and this machine makes none${why}`);
};

/**
 * Boots a machine, launches a Realm and attests: the token that a corpus starts from.
 *
 * @throws {UsageError} INPUT, also when the machine makes no token that a verifier accepts.
 */
export const corpusSource = async (
  values: SourceValues,
  selection: Selection,
  terminal: Terminal,
): Promise<CorpusSource> => {
  const settings = await readMachineSettings(values, nodeCrypto, knobsFrom(values), (text) => terminal.note(text));
  const realm = await readRealmOptions(values, terminal);
  try {
    const platform = bootMachine(settings, nodeCrypto, undefined);
    const { token, challenge } = attestOn(platform, settings, realm, values.entropy).fetched;
    const { dialect } = platform.config;
    const { keys: mark, seed, ...machine } = machineRecord(platform);
    const { base, edited } = startingFrom({ token, challenge, keys: keysOf(platform), dialect }, seed);
    const source: Source = { base, seed, edited };
    const cpak = keyRing(nodeCrypto, base.keys, seed).public('cpak');
    const { claims } = verifyToken(base.token, { crypto: nodeCrypto, key: cpak });
    return {
      source,
      mark,
      reference: referenceValuesToJson(referenceValuesOf(claims)),
      endorsements: endorsementsOf(claims, source, cpak),
      parameters: {
        format: CORPUS_FORMAT,
        swcca: VERSION,
        keys: mark,
        seed,
        dialect: dialect.name,
        ...machine,
        base_sha256: toHex(nodeCrypto.hash('sha-256').digest(base.token)),
        base_origin: edited ? 'edited' : 'rsi',
        challenge: toHex(challenge),
        selection,
        count: planCorpus(selection).size,
      },
    };
  } finally {
    realm.close();
  }
};
