import { EL3_FIDS, GRANULE, type RmiHashAlgorithm, RTT_ENTRIES } from '../../abi/index.ts';
import { Bug, hexNumber, toHex } from '../../bytes/index.ts';
import type { Crypto, Entropy, Hash } from '../../crypto/index.ts';
import { type CowTable, type GptEntry, GRANULE_SIZE, granuleIndex, type PhysicalMemory } from '../../machine/index.ts';
import type { Dialect } from '../../token/index.ts';
import type { TraceSink } from '../../trace/index.ts';
import type { AttestationKeys } from '../attestation-keys.ts';
import type { BringUpFailure } from '../bring-up.ts';
import type { TokenSigner } from '../token-signer.ts';
import type { ImpDef } from './config.ts';
import { type GranuleState, granuleState } from './granule.ts';
import { CommandJournal } from './journal.ts';
import { HASH_NAME, type Slot, type Step } from './measurement.ts';
import { changedRealm, type Realm, realmState } from './realm.ts';
import { changedRec, type Rec } from './rec.ts';
import { recState } from './rec-state.ts';
import { entryIndex, entryNumber, type Rtt, type Rtte } from './rtt.ts';
import { rtteState } from './rtt-state.ts';
import { before, plain, registerChange, runsOf } from './shown.ts';
import { type DeviceValues, forkTables, newTables, type Running, type Tables } from './tables.ts';
import type { RmmModel, Walk } from './view.ts';

/** A call to the EL3 monitor from a CPU, 0 by default: registers in, registers out. */
export type MonitorCall = (x: readonly bigint[], cpu?: number) => readonly bigint[];

export interface StatePorts {
  readonly memory: PhysicalMemory;
  readonly crypto: Crypto;
  readonly smc: MonitorCall;
  readonly entropy: Entropy;
  readonly dialect: Dialect;
  readonly impDef: ImpDef;
  readonly trace?: TraceSink | undefined;
}

/** All that a monitor remembers. Records are immutable and replaced whole, so a fork is a copy of a few tables. */
export class RmmState implements RmmModel {
  readonly impDef: ImpDef;
  readonly crypto: Crypto;
  readonly dialect: Dialect;
  readonly memory: PhysicalMemory;
  readonly journal = new CommandJournal();
  attestation: AttestationKeys | undefined;
  /** Why there is no attestation, once the RMM has tried. */
  attestationFailure: BringUpFailure | undefined;
  signer: TokenSigner | undefined;
  readonly #ports: StatePorts;
  readonly #tables: Tables;
  readonly #trace: TraceSink | undefined;
  #draws = 0;

  constructor(ports: StatePorts, tables: Tables = newTables()) {
    this.#ports = ports;
    this.impDef = ports.impDef;
    this.crypto = ports.crypto;
    this.dialect = ports.dialect;
    this.memory = ports.memory;
    this.#trace = ports.trace;
    this.#tables = tables;
    // Devices are the script's and not the monitor's: no command has them in its footprint.
    const { devices: _, ...monitor } = tables;
    for (const table of Object.values(monitor) as CowTable<unknown>[]) table.journal = this.journal;
    this.memory.journal = this.journal;
  }

  /** A second monitor in the same state, over a machine that was forked with it. */
  fork(ports: StatePorts): RmmState {
    const copy = new RmmState(ports, forkTables(this.#tables));
    copy.attestation = this.attestation;
    copy.attestationFailure = this.attestationFailure;
    copy.signer = this.signer?.fork(ports);
    copy.#draws = this.#draws;
    return copy;
  }

  // What can be read.

  get profile(): PhysicalMemory['profile'] {
    return this.memory.profile;
  }

  granule(pa: bigint): GranuleState {
    return this.#tables.granules.get(granuleIndex(pa)) ?? 'UNDELEGATED';
  }

  gpt(pa: bigint): GptEntry {
    return this.memory.gpt(pa);
  }

  isDelegable(pa: bigint): boolean {
    return this.memory.isDram(pa);
  }

  realm(rd: bigint): Realm {
    return this.#tables.realms.get(granuleIndex(rd)) ?? missing('Realm', rd);
  }

  rec(rec: bigint): Rec {
    return this.#tables.recs.get(granuleIndex(rec)) ?? missing('REC', rec);
  }

  rtt(rtt: bigint): Rtt {
    return this.#tables.rtts.get(granuleIndex(rtt)) ?? missing('RTT', rtt);
  }

  walk(rd: bigint, ipa: bigint, level: number): Walk {
    const { rtt_base, rtt_level_start, ipa_width } = this.realm(rd);
    // An IPA has at most 52 bits: as a number it is exact, and quick to divide.
    const inside = Number(BigInt.asUintN(ipa_width, ipa));
    let at = rtt_level_start;
    const root = Math.floor(entryNumber(inside, at) / RTT_ENTRIES);
    let rtt = root === 0 ? rtt_base : rtt_base + BigInt(root) * GRANULE;
    let index = entryIndex(inside, at);
    let rtte = this.#entry(rtt, index);
    while (at < level && rtte.state === 'TABLE') {
      at += 1;
      rtt = rtte.addr;
      index = entryIndex(inside, at);
      rtte = this.#entry(rtt, index);
    }
    return { level: at, rtt, index, rtte };
  }

  vmidIsFree(vmid: number): boolean {
    return this.#tables.vmids.get(vmid) === undefined;
  }

  contents(pa: bigint): Uint8Array {
    return this.memory.page(pa);
  }

  hash(algorithm: RmiHashAlgorithm): Hash {
    return this.crypto.hash(HASH_NAME[algorithm]);
  }

  recsWithTokens(): readonly bigint[] {
    const found: bigint[] = [];
    for (const [index, { attest }] of this.#tables.recs.entries()) {
      if (attest.state === 'ATTEST_IN_PROGRESS') found.push(BigInt(index) << 12n);
    }
    return found;
  }

  recsOf(rd: bigint): readonly bigint[] {
    const mine: bigint[] = [];
    for (const [index, rec] of this.#tables.recs.entries()) if (rec.owner === rd) mine.push(BigInt(index) << 12n);
    return mine;
  }

  /** What runs on a PE. */
  running(pe: number): Running | undefined {
    return this.#tables.running.get(pe);
  }

  /** What the interrupt controller, timers and PMU of a REC show at its next exits: they are not modelled. */
  devices(rec: bigint): DeviceValues {
    return this.#tables.devices.get(granuleIndex(rec)) ?? {};
  }

  /** Every granule that is not UNDELEGATED, for inspection. */
  *granules(): Generator<readonly [pa: bigint, state: GranuleState]> {
    for (const [index, state] of this.#tables.granules.entries()) yield [BigInt(index) << 12n, state];
  }

  *realms(): Generator<readonly [rd: bigint, realm: Realm]> {
    for (const [index, realm] of this.#tables.realms.entries()) yield [BigInt(index) << 12n, realm];
  }

  *recs(): Generator<readonly [rec: bigint, value: Rec]> {
    for (const [index, rec] of this.#tables.recs.entries()) yield [BigInt(index) << 12n, rec];
  }

  *rtts(): Generator<readonly [rtt: bigint, value: Rtt]> {
    for (const [index, rtt] of this.#tables.rtts.entries()) yield [BigInt(index) << 12n, rtt];
  }

  // What can be changed.

  setGranule(pa: bigint, to: GranuleState): void {
    const from = this.granule(pa);
    if (!granuleState.allows(from, to)) throw new Bug(`granule ${hexNumber(pa)}: ${from} cannot become ${to}`);
    this.#tables.granules.set(granuleIndex(pa), to === 'UNDELEGATED' ? undefined : to);
    this.#trace?.({ type: 'granule.state', pa, from, to });
  }

  wipe(pa: bigint): void {
    const { wipe_fill } = this.profile;
    this.memory.setPage(pa, wipe_fill === 0 ? undefined : new Uint8Array(GRANULE_SIZE).fill(wipe_fill));
  }

  copyGranule(from: bigint, to: bigint): void {
    this.memory.setPage(to, this.memory.page(from));
  }

  write(pa: bigint, bytes: Uint8Array): void {
    this.memory.write(pa, bytes);
  }

  draw(): Uint8Array {
    // Each draw is a stream of its own, so that a fork draws what the original would have drawn.
    this.#draws += 1;
    return this.#ports.entropy.fork(`rmm/${this.#draws}`).bytes(32);
  }

  createRealm(rd: bigint, realm: Realm): void {
    this.#tables.realms.set(granuleIndex(rd), realm);
    this.#tables.vmids.set(realm.vmid, rd);
    this.#trace?.({ type: 'realm.change', rd, to: plain(realm) });
  }

  updateRealm(rd: bigint, change: Partial<Realm>): void {
    const realm = this.realm(rd);
    if (change.state !== undefined && change.state !== realm.state && !realmState.allows(realm.state, change.state)) {
      throw new Bug(`Realm ${hexNumber(rd)}: ${realm.state} cannot become ${change.state}`);
    }
    this.#tables.realms.set(granuleIndex(rd), changedRealm(realm, change));
    this.#trace?.({ type: 'realm.change', rd, from: plain(before(realm, change)), to: plain(change) });
  }

  removeRealm(rd: bigint): void {
    const realm = this.realm(rd);
    this.#tables.vmids.set(realm.vmid, undefined);
    this.#tables.realms.set(granuleIndex(rd), undefined);
    this.#trace?.({ type: 'realm.change', rd, from: plain(realm) });
  }

  createRec(rec: bigint, value: Rec): void {
    this.#tables.recs.set(granuleIndex(rec), value);
    this.#trace?.({ type: 'rec.change', rec, to: plain(value) });
  }

  updateRec(rec: bigint, change: Partial<Rec>): void {
    const value = this.rec(rec);
    if (change.state !== undefined && change.state !== value.state && !recState.allows(value.state, change.state)) {
      throw new Bug(`REC ${hexNumber(rec)}: ${value.state} cannot become ${change.state}`);
    }
    this.#tables.recs.set(granuleIndex(rec), changedRec(value, change));
    if (this.#trace === undefined) return;
    const { attest, ...rest } = change;
    if (attest !== undefined) {
      const { state, ...detail } = attest;
      this.#trace({ type: 'attest.state', rec, from: value.attest.state, to: state, detail: plain(detail) });
    }
    const [from, to] = registerChange(before(value, rest), rest);
    if (Object.keys(to).length > 0) this.#trace({ type: 'rec.change', rec, from: plain(from), to: plain(to) });
  }

  removeRec(rec: bigint): void {
    const value = this.rec(rec);
    this.#tables.recs.set(granuleIndex(rec), undefined);
    this.#tables.devices.set(granuleIndex(rec), undefined);
    this.#trace?.({ type: 'rec.change', rec, from: plain(value) });
  }

  /** From now on the devices of a REC show these values; what is not given is as the Host set it, or zero. */
  setDevices(rec: bigint, values: DeviceValues): void {
    this.#tables.devices.set(granuleIndex(rec), values);
  }

  /** Puts a REC on a PE, or takes it off. */
  setRunning(pe: number, running: Running | undefined): void {
    this.#tables.running.set(pe, running);
  }

  putRtt(rtt: bigint, value: Rtt): void {
    this.#tables.rtts.set(granuleIndex(rtt), value);
    this.#trace?.({ type: 'rtt.table', rtt, level: value.level, entries: runsOf(value) });
  }

  removeRtt(rtt: bigint): void {
    const { level } = this.rtt(rtt);
    this.#tables.rtts.set(granuleIndex(rtt), undefined);
    this.#trace?.({ type: 'rtt.table', rtt, level });
  }

  setRtte(rtt: bigint, index: number, entry: Rtte): void {
    const { level, entries } = this.rtt(rtt);
    const from = entries[index] ?? missing('RTT entry', rtt);
    if (from.state !== entry.state && !rtteState.allows(from.state, entry.state)) {
      throw new Bug(`RTT ${hexNumber(rtt)}[${index}]: ${from.state} cannot become ${entry.state}`);
    }
    const changed = entries.slice();
    changed[index] = entry;
    this.#tables.rtts.set(granuleIndex(rtt), { level, entries: changed });
    if (this.#trace === undefined) return;
    this.#trace({ type: 'rtt.entry', rtt, level, index, from: plain(from), to: plain(entry) });
  }

  measure(rd: bigint, slot: number, name: string, step: Step): void {
    const realm = this.realm(rd);
    const measurements = realm.measurements.slice() as unknown as [Slot, Slot, Slot, Slot, Slot];
    measurements[slot] = step.value;
    this.#tables.realms.set(granuleIndex(rd), changedRealm(realm, { measurements }));
    this.#trace?.({
      type: 'measurement',
      rd,
      slot,
      step: name,
      descriptor: plain(step.descriptor()),
      from: toHex(realm.measurements[slot] ?? new Uint8Array()),
      to: toHex(step.value),
    });
  }

  gtsi(to: 'REALM' | 'NS', pa: bigint): bigint {
    return this.#ports.smc([GTSI[to], pa])[0] ?? 0n;
  }

  #entry(rtt: bigint, index: number): Rtte {
    return this.rtt(rtt).entries[index] ?? missing('RTT entry', rtt);
  }
}

const GTSI = {
  REALM: BigInt(EL3_FIDS.RMM_GTSI_DELEGATE.fid),
  NS: BigInt(EL3_FIDS.RMM_GTSI_UNDELEGATE.fid),
} as const;

const missing = (what: string, pa: bigint): never => {
  throw new Bug(`${what} ${hexNumber(pa)}: read before a condition made sure that it exists`);
};
