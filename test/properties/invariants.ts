import type { Platform } from '../../src/platform/index.ts';
import type { Rtt } from '../../src/rmm/index.ts';
import { entrySize, leadsOf, type Observed, PES, type Place, placesOf } from './observe.ts';

/** What holds of every machine at every moment (rmm-model 1 to 5), each as the sentences that say where it does not. */
type Law = (seen: Observed, platform: Platform) => Iterable<string>;

const GRANULE = 0x1000;
const hex = (pa: number): string => `0x${pa.toString(16)}`;

function* granulesIn({ granules }: Observed, state: string): Iterable<number> {
  for (const [pa, now] of granules) if (now === state) yield pa;
}

/** Each RD, REC and RTT has its record, and there are no others: a destroyed Realm leaves nothing. */
function* recordsMatchGranules(seen: Observed): Iterable<string> {
  for (const [state, records] of [
    ['RD', seen.realms],
    ['REC', seen.recs],
    ['RTT', seen.rtts],
  ] as const) {
    for (const pa of granulesIn(seen, state)) if (!records.has(pa)) yield `${state} ${hex(pa)} has no record`;
    for (const pa of records.keys()) {
      if (seen.granules.get(pa) !== state) yield `${hex(pa)} has the record of a ${state} and is none`;
    }
  }
}

/** Each RTT stands in one place of one Realm; each DATA granule is mapped by exactly one entry. */
function* tablesOwnTheirGranules(seen: Observed): Iterable<string> {
  const reached = new Set<number>();
  const mapped = new Set<number>();
  for (const [rd, realm] of seen.realms) {
    for (const place of placesOf(seen, rd, realm)) {
      const { rtt, level } = place;
      if (reached.has(rtt)) yield `RTT ${hex(rtt)} is reached twice`;
      reached.add(rtt);
      const record = seen.rtts.get(rtt);
      if (record === undefined) {
        yield `Realm ${hex(rd)} refers to ${hex(rtt)}, which is no RTT`;
        continue;
      }
      if (record.level !== level) yield `RTT ${hex(rtt)} says level ${record.level} and stands at level ${level}`;
      for (const [, pa] of leadsOf(record).assigned) {
        for (let page = pa; page < pa + entrySize(level); page += GRANULE) {
          if (mapped.has(page)) yield `granule ${hex(page)} is mapped twice`;
          mapped.add(page);
          if (seen.granules.get(page) !== 'DATA') yield `${hex(page)} is mapped and is ${seen.granules.get(page)}`;
        }
      }
    }
  }
  for (const rtt of seen.rtts.keys()) if (!reached.has(rtt)) yield `RTT ${hex(rtt)} belongs to no Realm`;
  for (const pa of granulesIn(seen, 'DATA')) if (!mapped.has(pa)) yield `DATA ${hex(pa)} is mapped nowhere`;
}

const PROTECTED = new Set(['UNASSIGNED', 'ASSIGNED', 'TABLE']);
const UNPROTECTED = new Set(['UNASSIGNED_NS', 'ASSIGNED_NS', 'TABLE']);

/** Which states an entry may have where it stands. */
function* entriesFitTheirPlace(seen: Observed, places: readonly Place[]): Iterable<string> {
  for (const { rd, rtt, level, base } of places) {
    const realm = seen.realms.get(rd)!;
    const half = 2 ** (realm.ipa_width - 1);
    const size = entrySize(level);
    const used = level === -1 ? 16 : 512;
    const { entries } = seen.rtts.get(rtt)!;
    for (let index = 0; index < used; index += 1) {
      const entry = entries[index]!;
      const ipa = base + index * size;
      if (ipa >= 2 * half) break;
      const wrong = misplaced(entry, level, ipa < half);
      if (wrong !== undefined) yield `entry ${index} of RTT ${hex(rtt)} at ${hex(ipa)} ${wrong}`;
    }
  }
}

/** What is wrong with an entry where it stands, if anything. */
const misplaced = ({ state, addr, ripas }: Rtt['entries'][number], level: number, isProtected: boolean) => {
  if (!(isProtected ? PROTECTED : UNPROTECTED).has(state)) return `is ${state}`;
  if (!isProtected && ripas !== 'EMPTY') return `has RIPAS ${ripas}, and is Unprotected`;
  if (state === 'TABLE') return level === 3 ? 'leads below pages' : undefined;
  if (state !== 'ASSIGNED' && state !== 'ASSIGNED_NS') return undefined;
  if (level < 1) return `maps memory at level ${level}`;
  return Number(addr) % entrySize(level) === 0 ? undefined : `maps ${hex(Number(addr))} at level ${level}`;
};

/** RECs have an owner that counts them, indices of their own, and auxiliary granules of their own. */
function* recsBelong({ recs, realms, granules }: Observed): Iterable<string> {
  const count = new Map<number, number>();
  const aux = new Set<number>();
  const names = new Set<string>();
  for (const [pa, rec] of recs) {
    const owner = Number(rec.owner);
    const realm = realms.get(owner);
    if (realm === undefined) {
      yield `REC ${hex(pa)} belongs to ${hex(owner)}, which is no Realm`;
      continue;
    }
    count.set(owner, (count.get(owner) ?? 0) + 1);
    const name = `${owner}/${rec.mpidr & 0xffff_ff0fn}`;
    if (names.has(name)) yield `two RECs of ${hex(owner)} have the MPIDR of ${hex(pa)}`;
    names.add(name);
    for (const granule of rec.aux.map(Number)) {
      if (aux.has(granule)) yield `auxiliary granule ${hex(granule)} belongs to two RECs`;
      aux.add(granule);
      if (granules.get(granule) !== 'REC_AUX') yield `${hex(granule)} is auxiliary and ${granules.get(granule)}`;
    }
    if (rec.ripas_addr > rec.ripas_top) yield `REC ${hex(pa)} is past the RIPAS change that it asked for`;
    if (rec.gprs.length !== 31 || rec.gprs.some((x) => BigInt.asUintN(64, x) !== x)) {
      yield `REC ${hex(pa)} holds more than 31 registers of 64 bits`;
    }
  }
  for (const [pa, state] of granules) if (state === 'REC_AUX' && !aux.has(pa)) yield `REC_AUX ${hex(pa)} has no REC`;
  for (const [rd, realm] of realms) {
    if (realm.num_recs !== (count.get(rd) ?? 0)) {
      yield `Realm ${hex(rd)} counts ${realm.num_recs} RECs and has ${count.get(rd) ?? 0}`;
    }
    if (realm.rec_index < realm.num_recs) yield `Realm ${hex(rd)} has more RECs than it ever had`;
  }
}

/** A VMID names at most one Realm, and is free when it names none. */
function* vmidsAreUnique({ realms }: Observed, { rmm: { state } }: Platform): Iterable<string> {
  const used = new Set<number>();
  for (const [rd, { vmid }] of realms) {
    if (used.has(vmid)) yield `Realm ${hex(rd)} shares VMID ${vmid}`;
    used.add(vmid);
  }
  for (const vmid of new Set([...Array(16).keys(), 255, 256, 65_535, ...used])) {
    if (state.vmidIsFree(vmid) === used.has(vmid)) yield `VMID ${vmid} is ${used.has(vmid) ? 'free' : 'taken'}`;
  }
}

/** What is drawn for a Realm is its own: a random UEID, by its first byte (RFC 9711 4.2.1). */
function* instancesAreUnique({ realms }: Observed): Iterable<string> {
  const used = new Set<string>();
  for (const [rd, { instance_id }] of realms) {
    if (instance_id?.length !== 33 || instance_id[0] !== 1) yield `the instance id of Realm ${hex(rd)} is no UEID`;
    if (used.has(String(instance_id))) yield `Realm ${hex(rd)} has the instance id of another`;
    used.add(String(instance_id));
  }
}

/** A REC runs on one PE or on none, and only of a Realm that was activated. */
function* oneRecOnePe({ recs, realms, running }: Observed): Iterable<string> {
  const onPe = new Set<number>();
  for (const pe of PES) {
    const rec = running[pe]?.rec;
    if (rec === undefined) continue;
    if (onPe.has(Number(rec))) yield `REC ${hex(Number(rec))} runs on two PEs`;
    onPe.add(Number(rec));
    if (recs.get(Number(rec))?.state !== 'REC_RUNNING') yield `PE ${pe} runs a REC that is not RUNNING`;
  }
  for (const [pa, rec] of recs) {
    if (rec.state === 'REC_RUNNING' && !onPe.has(pa)) yield `REC ${hex(pa)} is RUNNING on no PE`;
    if (rec.state === 'REC_RUNNING' && realms.get(Number(rec.owner))?.state === 'REALM_NEW') {
      yield `REC ${hex(pa)} runs in a Realm that is NEW`;
    }
    if (rec.state === 'REC_RUNNING' && rec.psci_pending) yield `REC ${hex(pa)} runs while its PSCI request is pending`;
  }
}

/** Everything that the RMM owns is out of reach of the Normal world; nothing else is in the Realm PAS. */
function* gptFollowsStates({ granules, pages }: Observed, { memory, el3 }: Platform): Iterable<string> {
  for (const pa of granules.keys()) {
    if (memory.gpt(BigInt(pa)) !== 'GPT_REALM') yield `${granules.get(pa)} ${hex(pa)} is ${memory.gpt(BigInt(pa))}`;
  }
  for (const pa of pages.keys()) {
    const ours = granules.has(pa) || BigInt(pa) === el3.sharedBuffer;
    if (memory.gpt(BigInt(pa)) === 'GPT_REALM' && !ours) yield `${hex(pa)} is GPT_REALM and UNDELEGATED`;
  }
}

const wiped = new Map<number, Buffer>();
const wipedPage = (fill: number): Buffer => {
  const page = wiped.get(fill) ?? Buffer.alloc(GRANULE, fill);
  wiped.set(fill, page);
  return page;
};

const isWiped = new WeakMap<Uint8Array, number>();

/** Whether a page reads as wiped memory. Pages are never written in place, so each is looked at once. */
export const readsAsWiped = (page: Uint8Array, fill: number): boolean => {
  if (isWiped.get(page) === fill) return true;
  if (!wipedPage(fill).equals(page)) return false;
  isWiped.set(page, fill);
  return true;
};

/** What was in a granule before it was delegated cannot be seen: only DATA holds anything, put there after that. */
function* onlyDataHasContents({ granules, pages }: Observed, { config }: Platform): Iterable<string> {
  const { wipe_fill } = config.machine;
  for (const [pa, state] of granules) {
    if (state === 'DATA') continue;
    const page = pages.get(pa);
    const zero = page === undefined;
    if (zero ? wipe_fill !== 0 : !readsAsWiped(page, wipe_fill)) yield `${state} ${hex(pa)} still has contents`;
  }
}

/** Measurements are as long as the digest, and zeros after that. */
function* measurementsEndInZeros({ realms }: Observed): Iterable<string> {
  for (const [rd, { hash_algo, measurements }] of realms) {
    const length = hash_algo === 'SHA_256' ? 32 : 64;
    for (const [slot, value] of measurements.entries()) {
      if (value.length !== 64 || value.subarray(length).some((byte) => byte !== 0)) {
        yield `measurement ${slot} of Realm ${hex(rd)} is no digest`;
      }
    }
  }
}

/** Each law with what it reads: where none of that changed, it holds as before. */
const LAWS: readonly (readonly [Law, readonly (keyof Observed)[]])[] = [
  [recordsMatchGranules, ['granules', 'realms', 'recs', 'rtts']],
  [tablesOwnTheirGranules, ['granules', 'realms', 'rtts']],
  [recsBelong, ['granules', 'realms', 'recs']],
  [vmidsAreUnique, ['realms']],
  [instancesAreUnique, ['realms']],
  [oneRecOnePe, ['realms', 'recs', 'running']],
  [gptFollowsStates, ['granules', 'pages']],
  [onlyDataHasContents, ['granules', 'pages']],
  [measurementsEndInZeros, ['realms']],
];

/** The tables that differ from those of an observation that is known to keep the laws. */
const newPlaces = (seen: Observed, before: Observed | undefined): Place[] => {
  if (before?.rtts === seen.rtts) return [];
  const places = [...seen.realms].flatMap(([rd, realm]) => placesOf(seen, rd, realm));
  return places.filter(({ rtt }) => before === undefined || before.rtts.get(rtt) !== seen.rtts.get(rtt));
};

/** The first law that an observation breaks, or undefined. `before` is an earlier one that broke none. */
export const brokenLaw = (platform: Platform, seen: Observed, before?: Observed): string | undefined => {
  if (seen === before) return undefined;
  for (const [law, reads] of LAWS) {
    if (before !== undefined && reads.every((member) => seen[member] === before[member])) continue;
    for (const sentence of law(seen, platform)) return sentence;
  }
  for (const sentence of entriesFitTheirPlace(seen, newPlaces(seen, before))) return sentence;
  return undefined;
};
