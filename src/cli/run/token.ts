import { randomBytes } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { toHex } from '../../bytes/index.ts';
import { nodeCrypto } from '../../crypto/node.ts';
import {
  type FetchedToken,
  type GuestStep,
  HostError,
  launchRealm,
  type RealmPlan,
  runGuest,
} from '../../host/index.ts';
import { createPlatform, type Platform, type PlatformSettings } from '../../platform/index.ts';
import { allOf, type TraceSink } from '../../trace/index.ts';
import type { CallOf } from '../command.ts';
import type { token } from '../commands/token.ts';
import { badCommandLine, badInput, badOutput, EXIT, type ExitCode } from '../exit.ts';
import { fixturesFolder } from '../firmware-dir.ts';
import { processProgress } from '../io/progress.ts';
import { bootMachine, readMachineSettings } from '../machine-settings.ts';
import { type RealmInput, readRealm } from '../realm/index.ts';
import { type Outputs, openOutputs } from '../token-outputs.ts';

type TokenCall = CallOf<typeof token>;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The Realm that is launched when nobody says which. */
const DEFAULT_PAYLOAD = join('payload', 'hello-realm.img');

const readRealmOptions = ({ values, terminal }: TokenCall): Promise<RealmInput> => {
  const { realm: file, payload, hash, rpv, extend, challenge } = values;
  const path = join(fixturesFolder(), DEFAULT_PAYLOAD);
  const payloads = file === undefined && payload.length === 0 ? [{ text: path, path, at: undefined }] : payload;
  return readRealm({ file, payloads, hash, rpv, extends: extend, challenge }, (text) => terminal.note(text));
};

/** Challenges that nobody gave, out of real randomness where that is asked for. */
const drawn = (steps: readonly GuestStep[], entropy: 'seeded' | 'system'): readonly GuestStep[] =>
  entropy === 'seeded'
    ? steps
    : steps.map((step) =>
        step.do === 'attest' && step.challenge === undefined ? { ...step, challenge: randomBytes(64) } : step,
      );

/** The condition that the last refused command names, found by building the Realm once more and watching. */
const refusedCondition = (settings: PlatformSettings, plan: RealmPlan): string => {
  let condition = '';
  const watch: TraceSink = (event) => {
    if (event.type === 'command.check' && event.failed) condition = `: ${event.id}: ${event.says}`;
  };
  try {
    launchRealm(createPlatform({ ...settings, crypto: nodeCrypto, trace: watch }), plan);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
  return condition;
};

/** A Host that is refused something was asked for something that this machine has not. */
const asUsage = (error: unknown, settings: PlatformSettings, plan: RealmPlan): unknown => {
  if (!(error instanceof HostError)) return error;
  const condition = error.code === 'RMI_REFUSED' ? refusedCondition(settings, plan) : '';
  return badInput(`the Realm cannot be had on this machine: ${error.message}${condition}`, error);
};

/** @throws {UsageError} INPUT, for a Realm that cannot be had. */
const attempt = <T>(act: () => T, settings: PlatformSettings, plan: RealmPlan): T => {
  try {
    return act();
  } catch (error) {
    throw asUsage(error, settings, plan);
  }
};

/** Launches the Realm, lets its guest do its steps, and gives the last token that it fetched. */
const attest = (platform: Platform, { plan, guest }: RealmInput, entropy: 'seeded' | 'system') => {
  const total = plan.loads.reduce((sum, { size }) => sum + size, 0);
  const display = processProgress('loading', total);
  let shown = 0;
  try {
    const realm = launchRealm(platform, plan, {
      onProgress: (loaded) => {
        display.advance(loaded - shown);
        shown = loaded;
      },
    });
    const fetched = runGuest(platform, realm, drawn(guest, entropy)).at(-1);
    if (fetched === undefined) throw new HostError('GUEST_FAILED', 'the guest asked for no token');
    return { fetched, measurements: platform.rmm.state.realm(realm.rd).measurements };
  } finally {
    display.end();
  }
};

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

export const runToken = async (call: TokenCall): Promise<ExitCode> => {
  const { values, terminal } = call;
  checkTargets(call);
  const settings = await readMachineSettings(values, nodeCrypto);
  const realm = await readRealmOptions(call);
  const outputs = openOutputs(values, terminal);
  try {
    const trace = await traceSinks(outputs, values['log-level']);
    const platform = bootMachine(settings, nodeCrypto, trace);
    const { fetched, measurements } = attempt(() => attest(platform, realm, values.entropy), settings, realm.plan);
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
