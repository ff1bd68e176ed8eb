import { dirname, resolve } from 'node:path';
import { padEnd } from '../../bytes/index.ts';
import {
  type BuildStep,
  defaultOrder,
  type GuestStep,
  type LoadPlan,
  type RealmPlan,
  type RecPlan,
} from '../../host/index.ts';
import { UsageError } from '../exit.ts';
import { digestOf } from '../io/digest.ts';
import { INPUTS, inputName, openPayload, type PiecewiseFile, readText } from '../io/read.ts';
import { readChallenge } from '../options/challenge.ts';
import { misfit, type Placed } from '../yaml/read.ts';
import { parseYaml } from '../yaml/tree.ts';
import { checkOverlap, checkRange, granules, type PlacedRange } from './check.ts';
import { type OrderStep, type RealmFileContent, realmFile } from './shape.ts';

/** A Realm file, read: what a Host builds, and what the guest then does. */
export interface RealmFile {
  readonly plan: RealmPlan;
  readonly guest: readonly GuestStep[];
  /** Closes the payload files, from which `plan.loads` read. */
  close(): void;
}

/** What the command line says louder than the file. */
export interface Overrides {
  readonly hash?: RealmPlan['hash'] | undefined;
  readonly rpv?: Uint8Array | undefined;
}

/**
 * Reads a Realm file (YAML): every default is filled in, every file it names is opened.
 *
 * @param path      `-` is standard input; relative names of other files are relative to the Realm file.
 * @param note      is told when a challenge is padded.
 * @throws {UsageError} INPUT: one line that names file, line and key.
 */
export const readRealmFile = async (
  path: string,
  note: (text: string) => void,
  overrides: Overrides = {},
): Promise<RealmFile> => {
  const file = inputName(path);
  const tree = await parseYaml(await readText(path, { ...INPUTS.text, what: 'a Realm file' }), file);
  const content = realmFile(tree, { file, line: tree.line, key: '' });
  const opened = new Opened(path === '-' ? '.' : dirname(path));
  try {
    const plan = await planOf(content, overrides, opened);
    const guest: GuestStep[] = [];
    for (const step of content.guest) guest.push(await guestStepOf(step, plan.hash, opened, note));
    return { plan, guest, close: () => opened.close() };
  } catch (error) {
    opened.close();
    throw error;
  }
};

/** The files that a Realm file names. */
class Opened {
  readonly #folder: string;
  readonly #files: PiecewiseFile[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(name: string): string {
    return resolve(this.#folder, name);
  }

  async open({ value, place }: Placed<string>): Promise<PiecewiseFile> {
    const file = await atPlace(place, () => openPayload(this.path(value)));
    this.#files.push(file);
    return file;
  }

  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }
}

/** Errors about a file that is named at a place say which place. */
const atPlace = async <T>(place: Placed<unknown>['place'], act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UsageError) throw misfit(place, error.message);
    throw error;
  }
};

const planOf = async ({ realm }: RealmFileContent, overrides: Overrides, opened: Opened): Promise<RealmPlan> => {
  const ipaWidth = realm.ipa_width;
  const memory = { ...realm.memory.value, place: realm.memory.place };
  checkRange(memory, ipaWidth);

  const ripas = realm.ripas?.map(({ value, place }) => ({ ...value, place })) ?? [
    { ...memory, block: 'auto' as const },
  ];
  for (const range of ripas) checkRange(range, ipaWidth, range.block === 'auto' ? undefined : BigInt(range.block));
  checkOverlap(ripas);

  const loads: LoadPlan[] = [];
  const loaded: PlacedRange[] = [];
  for (const { file, at, measured } of realm.load) {
    const payload = await opened.open(file);
    const range = { base: at.value, size: granules(payload.size), place: at.place };
    checkRange(range, ipaWidth);
    loaded.push(range);
    loads.push({
      name: file.value,
      at: at.value,
      measured,
      size: payload.size,
      read: (offset, length) => payload.read(offset, length),
    });
  }
  checkOverlap(loaded);

  const start = loads[0]?.at ?? memory.base;
  const recs = (realm.recs ?? [{ pc: undefined, gprs: new Map<number, bigint>(), runnable: true }]).map(
    ({ pc, gprs, runnable }): RecPlan => ({
      pc: pc ?? start,
      gprs: Array.from({ length: 8 }, (_, i) => gprs.get(i) ?? 0n),
      runnable,
    }),
  );
  const lists = { ripas: ripas.map(({ base, size, block }) => ({ base, size, block })), loads, recs };
  const { sve_vl, num_bps, num_wps, pmu_ctrs, lpa2 } = realm.features;
  return {
    hash: overrides.hash ?? realm.hash,
    ipaWidth,
    rpv: overrides.rpv ?? padEnd(realm.rpv, 64),
    features: { sveVl: sve_vl, numBps: num_bps, numWps: num_wps, pmuCtrs: pmu_ctrs, lpa2 },
    memory: { base: memory.base, size: memory.size },
    tables: { startLevel: realm.tables.start_level, vmid: realm.tables.vmid },
    ...lists,
    order:
      realm.order.value === 'default'
        ? defaultOrder(lists)
        : explicitOrder(realm.order.value, lists, realm.order.place),
  };
};

type Lists = Pick<RealmPlan, 'ripas' | 'loads' | 'recs'>;

/** Every part of the Realm exactly once: what the order leaves out would silently not be built. */
const explicitOrder = (
  steps: readonly Placed<OrderStep>[],
  lists: Lists,
  place: Placed<unknown>['place'] | undefined,
): BuildStep[] => {
  const all = defaultOrder(lists);
  const order: BuildStep[] = [];
  for (const { value, place: at } of steps) {
    const meant = all.filter(
      ({ build, index }) => build === value.build && (value.index === 'all' || value.index === index),
    );
    if (meant.length === 0 && value.index !== 'all')
      throw misfit(at, `there is no ${value.build} with index ${value.index}`);
    for (const step of meant) {
      if (order.some((done) => same(done, step)))
        throw misfit(at, `${step.build} ${step.index} is already in the order`);
      order.push(step);
    }
  }
  const missing = all.find((step) => !order.some((done) => same(done, step)));
  if (missing !== undefined && place !== undefined) {
    throw misfit(place, `leaves out ${missing.build} ${missing.index}; name each part once`);
  }
  return order;
};

const same = (a: BuildStep, b: BuildStep): boolean => a.build === b.build && a.index === b.index;

const guestStepOf = async (
  step: RealmFileContent['guest'][number],
  hash: RealmPlan['hash'],
  opened: Opened,
  note: (text: string) => void,
): Promise<GuestStep> => {
  if (step.key === 'attest') {
    const { challenge } = step.value;
    if (challenge === undefined) return { do: 'attest', challenge: undefined };
    const { value, place } = challenge;
    const source = value.from === 'file' ? { ...value, path: opened.path(value.path) } : value;
    return { do: 'attest', challenge: await atPlace(place, () => readChallenge(source, note)) };
  }
  const { value, place } = step.value;
  const { rem, file, hex } = value;
  if (file !== undefined && hex === undefined)
    return { do: 'extend', rem, value: digestOf(await opened.open(file), hash) };
  if (hex !== undefined && file === undefined) return { do: 'extend', rem, value: hex };
  throw misfit(place, 'takes either file or hex');
};
