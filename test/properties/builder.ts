import { RmiRealmParams, RmiRecEnter, RmiRecParams } from '../../src/abi/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import { DRAM } from './machines.ts';
import { perform, type Step } from './step.ts';

const rmi = (name: string): bigint => BigInt(RMM_1_0.rmi.find((command) => command.name === `RMI_${name}`)?.fid ?? 0);

interface RealmShape {
  readonly s2sz: number;
  readonly level: number;
  readonly tables: number;
  readonly vmid: number;
  readonly flags: bigint;
  /** Granules for the roles that have one; fresh ones by default. */
  readonly rd: bigint;
  readonly rtt_base: bigint;
  readonly params: bigint;
}
const REALM = { s2sz: 32, level: 2, tables: 4, vmid: 1, flags: 0n };

interface RecShape {
  readonly index: number;
  readonly runnable: boolean;
  readonly rec: bigint;
  readonly aux: readonly bigint[];
  readonly params: bigint;
}

/** Acts of a Host that have to succeed, kept as they are done. */
export class Builder {
  readonly steps: Step[] = [];
  readonly platform: Platform;
  #next = DRAM;

  constructor(platform: Platform) {
    this.platform = platform;
  }

  do(step: Step): readonly bigint[] {
    this.steps.push(step);
    const reply = perform(this.platform, step);
    if (reply.kind === 'return' && reply.x[0] !== 0n) throw new Error(`a scene answers ${reply.x[0]} to ${step.act}`);
    return 'x' in reply ? reply.x : [];
  }

  call(name: string, ...args: readonly bigint[]): readonly bigint[] {
    return this.do({ act: 'host', pe: 0, x: [rmi(name), ...args] });
  }

  write(pa: bigint, bytes: Uint8Array): bigint {
    this.do({ act: 'write', pa, bytes });
    return pa;
  }

  page(count = 1n): bigint {
    const size = count * 0x1000n;
    const pa = ((this.#next + size - 1n) / size) * size;
    this.#next = pa + size;
    return pa;
  }

  delegated(count = 1n): bigint {
    const pa = this.page(count);
    for (let i = 0n; i < count; i += 1n) this.delegate(pa + i * 0x1000n);
    return pa;
  }

  delegate(pa: bigint): bigint {
    this.call('GRANULE_DELEGATE', pa);
    return pa;
  }

  realm(shape: Partial<RealmShape>): bigint {
    const { s2sz, level, tables, vmid, flags, rd, rtt_base, params } = { ...REALM, ...shape };
    const { num_bps, num_wps } = this.platform.config.machine;
    const page = RmiRealmParams.encode({
      flags,
      s2sz,
      num_bps,
      num_wps,
      vmid,
      rtt_base: rtt_base ?? this.delegated(BigInt(tables)),
      rtt_level_start: BigInt(level),
      rtt_num_start: tables,
    });
    const target = rd ?? this.delegated();
    this.call('REALM_CREATE', target, this.write(params ?? this.page(), page));
    return target;
  }

  /** Makes the walk to `ipa` reach pages. */
  tables(rd: bigint, start: number, ipa: bigint): void {
    for (let level = start + 1; level <= 3; level += 1) {
      const size = 1n << BigInt(12 + 9 * (4 - level));
      this.call('RTT_CREATE', rd, this.delegated(), ipa - (ipa % size), BigInt(level));
    }
  }

  /** The first RECs of a Realm; of several, the last cannot run yet. */
  recs(rd: bigint, count: number): void {
    for (let index = 0; index < count; index += 1) this.rec(rd, { index, runnable: count === 1 || index < count - 1 });
  }

  rec(rd: bigint, shape: Partial<RecShape> = {}): bigint {
    const { index, runnable, rec, aux, params } = { index: 0, runnable: true, ...shape };
    const num_aux = this.platform.config.machine.rec_aux_count;
    const page = RmiRecParams.encode({
      flags: runnable ? 1n : 0n,
      mpidr: BigInt(index),
      pc: 0x1000n,
      num_aux: BigInt(num_aux),
      aux: aux ?? Array.from({ length: num_aux }, () => this.delegated()),
    });
    const target = rec ?? this.delegated();
    this.call('REC_CREATE', rd, target, this.write(params ?? this.page(), page));
    return target;
  }

  /** Enters a REC: its software runs on PE 0 then. */
  enter(rec: bigint, run_ptr = this.page()): void {
    this.write(run_ptr, RmiRecEnter.encode({}));
    this.do({ act: 'host', pe: 0, x: [rmi('REC_ENTER'), rec, run_ptr] });
  }
}
