import { padEnd } from '../../bytes/index.ts';
import { defaultOrder, type LoadPlan, type RealmPlan, type RecPlan } from '../../host/index.ts';
import type { PiecewiseFile } from '../io/read.ts';
import type { RealmOptions } from '../options/realm.ts';
import { type AskedRange, checkEntries, checkInside, checkOverlap, checkRange, granuleBytes } from './check.ts';
import { blaming, type Opened, type Origin, optionOrigin, originOf } from './opened.ts';
import { explicitOrder } from './order.ts';
import type { RealmFileContent } from './shape.ts';

/** A load whose file is open, with the range it takes and who asked for it. */
interface AskedLoad {
  readonly plan: LoadPlan;
  readonly range: AskedRange;
}

const askedLoad = (name: string, at: bigint, measured: boolean, file: PiecewiseFile, origin: Origin): AskedLoad => ({
  plan: { name, at, measured, size: file.size, read: (offset, length) => file.read(offset, length) },
  range: { base: at, size: granuleBytes(file.size), origin },
});

const loadsOf = async (
  { realm }: RealmFileContent,
  { payloads }: RealmOptions,
  opened: Opened,
): Promise<readonly AskedLoad[]> => {
  const loads: AskedLoad[] = [];
  for (const { file, at, measured } of realm.load) {
    const payload = await blaming(originOf(file.place), () => opened.open(opened.path(file.value)));
    loads.push(askedLoad(file.value, at.value, measured, payload, originOf(at.place)));
  }
  for (const { text, path, at } of payloads) {
    const origin = optionOrigin('payload', text);
    if (at === undefined && loads.length > 0) {
      throw origin.refuse('only the first payload goes to the base of memory by itself; write FILE@IPA');
    }
    // A file name of the command line starts where the command runs.
    const payload = await blaming(origin, () => opened.open(path));
    loads.push(askedLoad(path, at ?? realm.memory.value.base, true, payload, origin));
  }
  return loads;
};

/** The Realm as the Host builds it, checked as far as can be without a machine. */
export const planOf = async (content: RealmFileContent, options: RealmOptions, opened: Opened): Promise<RealmPlan> => {
  const { realm } = content;
  const ipaWidth = realm.ipa_width;
  const memory = { ...realm.memory.value, origin: originOf(realm.memory.place) };
  checkRange(memory, ipaWidth);

  const ripas = realm.ripas?.map(({ value, place }) => ({ ...value, origin: originOf(place) })) ?? [
    { ...memory, block: 'auto' as const },
  ];
  for (const range of ripas) {
    checkRange(range, ipaWidth, range.block === 'auto' ? undefined : BigInt(range.block));
    checkEntries(range, range.block);
  }
  checkOverlap(ripas);

  const asked = await loadsOf(content, options, opened);
  for (const { range } of asked) {
    checkRange(range, ipaWidth);
    checkInside(range, memory, ripas);
  }
  checkOverlap(asked.map(({ range }) => range));
  const loads = asked.map(({ plan }) => plan);

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
    hash: options.hash ?? realm.hash,
    ipaWidth,
    rpv: options.rpv ?? padEnd(realm.rpv, 64),
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
