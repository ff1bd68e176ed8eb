import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { nodeCrypto } from '../crypto/node.ts';
import { type FetchedToken, type GuestStep, HostError, launchRealm, type RealmPlan, runGuest } from '../host/index.ts';
import { createPlatform, type Platform, type PlatformSettings } from '../platform/index.ts';
import type { TraceSink } from '../trace/index.ts';
import type { Call } from './command.ts';
import { badInput, NoAnswer } from './exit.ts';
import { fixturesFolder } from './firmware-dir.ts';
import { processProgress } from './io/progress.ts';
import type { Terminal } from './io/terminal.ts';
import type { attestOptions } from './options/attest.ts';
import { type RealmInput, readRealm } from './realm/index.ts';

type AttestValues = Call<typeof attestOptions>['values'];

/** A token that came out of a machine, and the measurements of its Realm, whole slots, RIM first. */
export interface Attested {
  readonly fetched: FetchedToken;
  readonly measurements: readonly Uint8Array[];
}

/** The Realm that is launched when nobody says which. */
const DEFAULT_PAYLOAD = join('payload', 'hello-realm.img');

/** Reads the Realm that the options describe. */
export const readRealmOptions = (values: AttestValues, { note }: Terminal): Promise<RealmInput> => {
  const { realm: file, payload, hash, rpv, extend, challenge } = values;
  const path = join(fixturesFolder(), DEFAULT_PAYLOAD);
  const payloads = file === undefined && payload.length === 0 ? [{ text: path, path, at: undefined }] : payload;
  return readRealm({ file, payloads, hash, rpv, extends: extend, challenge }, note);
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
  if (settings.faults !== undefined) return new NoAnswer(`no token: ${error.message}`);
  const condition = error.code === 'RMI_REFUSED' ? refusedCondition(settings, plan) : '';
  return badInput(`the Realm cannot be had on this machine: ${error.message}${condition}`, error);
};

const attest = (platform: Platform, { plan, guest }: RealmInput, entropy: 'seeded' | 'system'): Attested => {
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

/**
 * Launches the Realm on a machine, lets its guest do its steps, and gives the last token that it fetched.
 *
 * @throws {UsageError} INPUT, for a Realm that cannot be had on it.
 */
export const attestOn = (
  platform: Platform,
  settings: PlatformSettings,
  realm: RealmInput,
  entropy: 'seeded' | 'system',
): Attested => {
  try {
    return attest(platform, realm, entropy);
  } catch (error) {
    throw asUsage(error, settings, realm.plan);
  }
};
