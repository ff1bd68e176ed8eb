import { relative, resolve } from 'node:path';
import { toHex } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import type { FetchedToken } from '../../host/index.ts';
import type { Platform } from '../../platform/index.ts';
import { allOf, type TraceSink } from '../../trace/index.ts';
import { attestOn, readRealmOptions } from '../attest.ts';
import type { CallOf } from '../command.ts';
import type { token } from '../commands/token.ts';
import { badCommandLine, badOutput, EXIT, type ExitCode, NoAnswer } from '../exit.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { knobsFrom } from '../options/dialect.ts';
import { type Outputs, openOutputs } from '../token-outputs.ts';

type TokenCall = CallOf<typeof token>;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const traceSinks = async (
  outputs: Outputs,
  level: TokenCall['values']['log-level'],
): Promise<TraceSink | undefined> => {
  const sinks = [...outputs.sinks];
  if (level !== undefined) {
    const { pinoSink } = await import('../../trace/sinks/pino.ts');
    sinks.push(pinoSink(level));
  }
  return sinks.length === 0 ? undefined : allOf(...sinks);
};

/** Standard output holds one thing, and so does every file. */
const checkTargets = ({ values }: TokenCall): void => {
  const { out, trace, bundle, json } = values;
  if (out === '-' && trace === '-') throw badCommandLine('--out and --trace cannot both be standard output');
  if (json && (out === '-' || trace === '-')) throw badCommandLine('--json needs standard output for itself');
  if (out !== undefined && trace !== undefined && resolve(out) === resolve(trace)) {
    throw badCommandLine('--out and --trace name the same file');
  }
  for (const [option, place] of Object.entries({ out, trace })) {
    if (bundle === undefined || place === undefined || place === '-') continue;
    if (!relative(bundle, place).startsWith('..')) {
      throw badCommandLine(`--${option} lies inside the bundle, which holds the token and the trace anyway`);
    }
  }
  const silent = out === undefined && trace === undefined && bundle === undefined && !json;
  if (silent && process.stdout.isTTY === true) {
    throw badOutput(
      'a token is binary and would upset the terminal; write it with -o FILE, or pipe it: | swcca show -',
    );
  }
};

const summaryOf = (platform: Platform, fetched: FetchedToken, digests: readonly Uint8Array[], hash: string) => ({
  bytes: fetched.token.length,
  dialect: platform.config.dialect.name,
  firmware: platform.config.firmware.name,
  challenge: toHex(fetched.challenge),
  hash,
  rim: toHex(digests[0] ?? new Uint8Array()),
  rems: digests.slice(1).map(toHex),
});

const printSummary = ({ values, terminal }: TokenCall, summary: ReturnType<typeof summaryOf>): void => {
  const { out, bundle, trace } = values;
  if (out === '-' || trace === '-') return;
  const places = [out, bundle, trace].filter((place) => place !== undefined);
  terminal.print(`wrote ${places.join(', ')}`);
  terminal.print(`  token      ${summary.bytes} bytes, dialect ${summary.dialect}, firmware ${summary.firmware}`);
  terminal.print(`  challenge  ${summary.challenge}`);
  terminal.print(`  RIM        ${summary.rim} (${summary.hash})`);
};

/** A plan whose faults did not act proves nothing. */
const checkFaults = ({ faults }: Platform): void => {
  const missing = faults?.missing() ?? [];
  if (missing.length === 0) return;
  const places = missing.map(({ at }) => at).join(', ');
  throw new NoAnswer(`faults that had to act did not: ${places}; nothing was written`);
};

export const runToken = async (call: TokenCall): Promise<ExitCode> => {
  const { values, terminal } = call;
  checkTargets(call);
  const settings = await readMachineSettings(values, nodeCrypto, knobsFrom(values), (text) => terminal.note(text));
  const realm = await readRealmOptions(values, terminal);
  const outputs = openOutputs(values, terminal);
  try {
    const trace = await traceSinks(outputs, values['log-level']);
    const platform = bootMachine(settings, nodeCrypto, trace);
    const { fetched, measurements } = attestOn(platform, settings, realm, values.entropy);
    checkFaults(platform);
    const { hash } = realm.plan;
    const size = nodeCrypto.hash(hash).size;
    const summary = summaryOf(
      platform,
      fetched,
      measurements.map((slot) => slot.subarray(0, size)),
      hash,
    );
    // The run above lets nothing else happen: a signal that came meanwhile ends the process here, before anything appears.
    await nextTurn();
    await outputs.commit(platform, fetched);
    if (values.json) terminal.json({ ...summary, token: toHex(fetched.token) });
    else if (values.out === undefined && values.bundle === undefined && values.trace === undefined) {
      terminal.binary(fetched.token, false);
    } else printSummary(call, summary);
  } finally {
    outputs.discard();
    realm.close();
  }
  return EXIT.ok;
};
