import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { nodeCrypto } from '../../crypto/node.ts';
import {
  BAD_FORMS,
  type BadForm,
  type EndorsementFile,
  type EndorsementOptions,
  type EndorsementSubject,
  endorsementFiles,
  filesThatDiffer,
} from '../../endorse/index.ts';
import { DEFAULT_SEED } from '../../platform/index.ts';
import { VERSION } from '../../platform/version.ts';
import { describeFinding, verifyToken } from '../../verify/index.ts';
import { attestOn, readRealmOptions } from '../attest.ts';
import type { CallOf, Flag, Option, Options } from '../command.ts';
import type { endorse } from '../commands/endorse.ts';
import { corimSigner, keyMark, subjectOf } from '../endorsements.ts';
import { badCommandLine, badInput, EXIT, type ExitCode } from '../exit.ts';
import { BUNDLE_INDEX, createBundle } from '../io/bundle.ts';
import { readKey } from '../io/key.ts';
import { INPUTS, readText } from '../io/read.ts';
import type { Terminal } from '../io/terminal.ts';
import { readToken } from '../io/token.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { attestOptions } from '../options/attest.ts';
import { dialectOptions, knobsFrom } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';

type EndorseCall = CallOf<typeof endorse>;

const FORMAT = 'swcca/endorsements/v1';

/** What is endorsed, the token that said it, and the seed of the chip. */
interface Source {
  readonly subject: EndorsementSubject;
  readonly token: Uint8Array;
  readonly seed: string;
}

/** What describes a machine or a Realm, which a token that is given leaves no room for. */
const MACHINE: Options = { ...attestOptions, ...machineOptions, ...platformOptions, ...dialectOptions };

/** Whether an option has the value that it has when nobody gives it. */
const isUnset = (option: Flag | Option<unknown>, value: unknown): boolean => {
  if (option.kind === 'flag') return value === false;
  if (option.default !== undefined) return isDeepStrictEqual(value, option.parse(option.default));
  return value === undefined || (Array.isArray(value) && value.length === 0);
};

const mustBeUnset = ({ values }: EndorseCall): void => {
  const given: Readonly<Record<string, unknown>> = values;
  const first = Object.entries(MACHINE).find(([name, option]) => !isUnset(option, given[name]));
  if (first !== undefined) {
    throw badCommandLine(`--${first[0]} describes a machine to boot, and a token is given; leave out one of them`);
  }
};

/** @throws {UsageError} INPUT, when the token is not one that its key verifies. */
const verified = (name: string, token: Uint8Array, key: Awaited<ReturnType<typeof readKey>>): EndorsementSubject => {
  const { claims, findings, checks } = verifyToken(token, { crypto: nodeCrypto, key });
  const failed = checks.some(
    ({ name: check, outcome }) => outcome === 'failed' && check !== 'lifecycle' && check !== 'profiles',
  );
  const [first] = findings.filter(({ severity, code }) => severity === 'error' && code !== 'LIFECYCLE_REFUSED');
  if (failed) {
    throw badInput(`${name}: is not a token that this key verifies${first ? `: ${describeFinding(first)}` : ''}`);
  }
  const subject = subjectOf(claims, key);
  if ('missing' in subject) throw badInput(`${name}: has no ${subject.missing} claims to endorse`);
  return subject;
};

const seedOfBundle = async (folder: string): Promise<string> => {
  const file = join(folder, BUNDLE_INDEX);
  try {
    const { seed } = JSON.parse(await readText(file, INPUTS.text)) as { readonly seed?: unknown };
    return typeof seed === 'string' ? seed : DEFAULT_SEED;
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput(`${file}: is not JSON`, error);
    throw error;
  }
};

const fromToken = async (call: EndorseCall, operand: string): Promise<Source> => {
  mustBeUnset(call);
  const isFolder = operand !== '-' && existsSync(operand) && statSync(operand).isDirectory();
  if (isFolder && !existsSync(join(operand, BUNDLE_INDEX))) {
    throw badInput(`${operand}: has no ${BUNDLE_INDEX}, so it is not a bundle`);
  }
  const file = isFolder ? join(operand, 'token.cbor') : operand;
  const keyFile = call.values.key ?? (isFolder ? join(operand, 'cpak.pem') : undefined);
  if (keyFile === undefined) throw badCommandLine(`${operand} is a token: name its key with --key`);
  const token = await readToken(file);
  const subject = verified(file, token, await readKey(keyFile));
  return { subject, token, seed: isFolder ? await seedOfBundle(operand) : call.values.seed };
};

const fromMachine = async ({ values, terminal }: EndorseCall): Promise<Source> => {
  if (values.key !== undefined) throw badCommandLine('--key belongs to a token, and none is given');
  const settings = await readMachineSettings(values, nodeCrypto, knobsFrom(values), (text) => terminal.note(text));
  const realm = await readRealmOptions(values, terminal);
  try {
    const platform = bootMachine(settings, nodeCrypto, undefined);
    const { token } = attestOn(platform, settings, realm, values.entropy).fetched;
    const { cpak } = platform.hes.status();
    if (cpak === undefined) {
      throw badInput(
        'the platform token is served, not signed here: its key is not known, so there is no trust anchor',
      );
    }
    return { subject: verified('the token', token, cpak), token, seed: values.seed };
  } finally {
    realm.close();
  }
};

const listBad = ({ values, terminal }: EndorseCall): ExitCode => {
  const forms: Readonly<Record<string, BadForm>> = BAD_FORMS;
  if (values.json) {
    terminal.json(
      Object.entries(forms).map(([id, { subject: _, platform: __, realm: ___, ...facts }]) => ({ id, ...facts })),
    );
    return EXIT.ok;
  }
  for (const [id, { class: kind, says }] of Object.entries(forms)) {
    terminal.print(`${id.padEnd(36)} ${kind.padEnd(10)} ${says}`);
  }
  return EXIT.ok;
};

/** What the index says of endorsements that are wrong on purpose. */
const aboutBad = (id: string, form: BadForm, differing: readonly string[]) => {
  const { subject: _, platform: __, realm: ___, ...facts } = form;
  return { id, ...facts, differs: differing };
};

const print = (terminal: Terminal, out: string, files: readonly EndorsementFile[]): void => {
  terminal.print(`wrote ${out}`);
  for (const { path, says } of files) terminal.print(`  ${path.padEnd(44)} ${says}`);
};

export const runEndorse = async (call: EndorseCall): Promise<ExitCode> => {
  const { values, operands, terminal } = call;
  if (values['list-bad']) return listBad(call);
  const { out, bad: id } = values;
  if (out === undefined) throw badCommandLine('--out is missing: name the folder for the endorsements');
  const bundle = createBundle(out);
  const [operand] = operands;
  const { subject, token, seed } = operand === undefined ? await fromMachine(call) : await fromToken(call, operand);
  const options: EndorsementOptions = { signer: corimSigner(nodeCrypto, seed), mark: keyMark(seed), token };
  const bad: BadForm | undefined = id === undefined ? undefined : BAD_FORMS[id];
  const good = endorsementFiles(nodeCrypto, subject, options);
  const files = bad === undefined ? good : endorsementFiles(nodeCrypto, subject, { ...options, bad });
  const index = {
    format: FORMAT,
    swcca: VERSION,
    keys: options.mark,
    seed,
    ...(bad === undefined || id === undefined ? {} : { bad: aboutBad(id, bad, filesThatDiffer(good, files)) }),
    says: Object.fromEntries(files.map(({ path, says }) => [path, says])),
  };
  try {
    for (const { path, data } of files) bundle.append(path, data);
    bundle.commit(index);
  } finally {
    bundle.discard();
  }
  if (values.json) terminal.json({ out, ...index });
  else print(terminal, out, files);
  return EXIT.ok;
};
