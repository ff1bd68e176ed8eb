import { readFileSync } from 'node:fs';
import type { Boot } from '../../../scripts/lib/observed/observed.mjs';
import {
  PSCI_FID,
  REC_EXIT_OFFSET,
  RmiRealmParams,
  RmiRecEnter,
  RmiRecExit,
  RmiRecParams,
} from '../../../src/abi/index.ts';
import { fromHex } from '../../../src/bytes/index.ts';
import { nodeCrypto } from '../../../src/crypto/node.ts';
import { createStaticHes } from '../../../src/hes/index.ts';
import type { MachineProfile } from '../../../src/machine/index.ts';
import type { Platform, RealmReply } from '../../../src/platform/index.ts';
import { RMM_1_0 } from '../../../src/rmm/index.ts';

export type Regs = readonly bigint[];

/** What a row may look at when the Realm leaves. */
export type Exit = Pick<
  RmiRecExit,
  'esr' | 'far' | 'hpfar' | 'gprs' | 'ripas_base' | 'ripas_top' | 'ripas_value' | 'imm'
> & { readonly reason: number };

/** RmiRealmParams, and bytes that belong to none of its members. */
export type Asked = Partial<RmiRealmParams> & {
  readonly pokes?: Readonly<Record<number, number>>;
  readonly rd?: bigint;
  readonly params_ptr?: bigint;
};

type Entry = Partial<RmiRecEnter>;

const GRANULE = 0x1000n;
const observed = JSON.parse(readFileSync(new URL('../../vectors/tf-rmm-observed.json', import.meta.url), 'utf8'));
const { rak_private, platform_token } = observed.meta.hes;

/** The machine on which the reference RMM was observed. */
const OBSERVED_MACHINE: Partial<MachineProfile> = {
  pa_width: 48,
  s2sz: 48,
  num_bps: 1,
  num_wps: 1,
  gicv3_num_lrs: 0,
  device: [],
  secure: [],
};

const FIDS = new Map<string, bigint>([
  ...[...RMM_1_0.rmi, ...RMM_1_0.rsi].map(({ name, fid }) => [name, BigInt(fid)] as const),
  ...Object.entries(PSCI_FID).map(([name, fid]) => [name, BigInt(fid)] as const),
]);

export const fid = (name: string): bigint => {
  const found = FIDS.get(name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};

const hex = (text: string): Uint8Array => {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error('not hexadecimal');
  return bytes;
};

/** Byte i is seed + i*mul + i/256. */
const pattern = (seed: number, mul: number): Uint8Array =>
  Uint8Array.from({ length: 0x1000 }, (_, i) => seed + i * mul + (i >> 8));

/** A machine, the granules of a row by name, and the Realm that most rows start from. */
export class Bench {
  readonly platform: Platform;
  readonly names = new Map<string, bigint>();
  rd = 0n;
  rec = 0n;
  run = 0n;
  /** What RMI_REC_ENTER answered when the Realm left last. */
  left: Regs = [];
  #next = 0x8800_0000n;

  constructor(boot: Boot, machine: Partial<MachineProfile> = {}) {
    const files = { rak: hex(rak_private), platformToken: hex(platform_token) };
    const hesPort = createStaticHes({ crypto: nodeCrypto, files });
    this.platform = boot({ machine: { ...OBSERVED_MACHINE, ...machine }, hesPort });
  }

  get state() {
    return this.platform.rmm.state;
  }

  /** Granules of the Normal world. */
  page(n = 1, align = 1): bigint {
    const step = BigInt(align) * GRANULE;
    const pa = ((this.#next + step - 1n) / step) * step;
    this.#next = pa + BigInt(n) * GRANULE;
    return pa;
  }

  /** A page that the Host filled. */
  filled(seed = 1, mul = 1): bigint {
    const pa = this.page();
    this.platform.write(pa, pattern(seed, mul));
    return pa;
  }

  delegated(name?: string, n = 1, align = 1): bigint {
    const pa = this.page(n, align);
    for (let i = 0n; i < BigInt(n); i += 1n) this.must(this.rmi('RMI_GRANULE_DELEGATE', pa + i * GRANULE));
    if (name !== undefined) this.names.set(name, pa);
    return pa;
  }

  /** The granule of a name. */
  pa(name: string): bigint {
    const pa = this.names.get(name);
    if (pa === undefined) throw new Error(`no granule ${name}`);
    return pa;
  }

  /** Sixteen auxiliary granules, some of them chosen. */
  aux(chosen: Readonly<Record<number, bigint>>): bigint[] {
    return Array.from({ length: 16 }, (_, n) => chosen[n] ?? this.delegated());
  }

  must(x: Regs): Regs {
    if (x[0] !== 0n) throw new Error(`a step before the row answers ${x[0]?.toString(16)}`);
    return x;
  }

  /** A call of the Host, by name or number; a Realm that it enters is interrupted at once. */
  rmi(name: string | bigint, ...args: bigint[]): Regs {
    const reply = this.platform.smc([typeof name === 'string' ? fid(name) : name, ...args]);
    return reply.kind === 'return' ? reply.x : this.interrupt();
  }

  /** The same on another PE, while the Realm runs on the first. */
  beside(name: string, ...args: bigint[]): Regs {
    const reply = this.platform.smc([fid(name), ...args], 1);
    if (reply.kind !== 'return') throw new Error(`${name} enters a Realm`);
    return reply.x;
  }

  interrupt(kind: 'FIQ' | 'IRQ' = 'FIQ'): Regs {
    const x = this.platform.interrupt(kind);
    if (x === undefined) throw new Error('no Realm runs');
    return x;
  }

  /** RMI_REALM_CREATE with granules of its own. */
  create({ rd, params_ptr, pokes = {}, ...asked }: Asked = {}): Regs {
    const roots = asked.rtt_num_start ?? 1;
    const page = RmiRealmParams.encode({
      s2sz: 33,
      num_bps: 1,
      num_wps: 1,
      vmid: 1,
      rtt_level_start: 1n,
      rtt_num_start: roots,
      ...asked,
      rtt_base: asked.rtt_base ?? this.delegated('root', Math.max(1, roots), roots > 1 ? 32 : 1),
    });
    for (const [offset, value] of Object.entries(pokes)) page[Number(offset)] = value;
    const candidate = rd ?? this.delegated('rd');
    const pointer = params_ptr ?? this.page();
    if (params_ptr === undefined) this.platform.write(pointer, page);
    const x = this.rmi('RMI_REALM_CREATE', candidate, pointer);
    if (x[0] === 0n) this.rd = candidate;
    return x;
  }

  /** A Realm with nothing but its root table. */
  root(asked: Asked = {}): this {
    this.must(this.create(asked));
    return this;
  }

  table(ipa: bigint, level: number, name?: string): this {
    this.must(this.rmi('RMI_RTT_CREATE', this.rd, this.delegated(name), ipa, BigInt(level)));
    return this;
  }

  /** Tables of the levels 2 and 3 where IPA 0 is. */
  tables(): this {
    return this.table(0n, 2, 'level2').table(0n, 3, 'table');
  }

  data(ipa: bigint, seed = 1, mul = 1, name = 'data'): Regs {
    return this.rmi('RMI_DATA_CREATE', this.rd, this.delegated(name), ipa, this.filled(seed, mul), 1n);
  }

  unknown(ipa: bigint, name = 'unknown'): Regs {
    return this.rmi('RMI_DATA_CREATE_UNKNOWN', this.rd, this.delegated(name), ipa);
  }

  initRipas(base: bigint, top: bigint): Regs {
    return this.rmi('RMI_RTT_INIT_RIPAS', this.rd, base, top);
  }

  /** RMI_REC_CREATE with granules of its own. */
  createRec(asked: Partial<RmiRecParams> & { rec?: bigint; rd?: bigint; params_ptr?: bigint } = {}): Regs {
    const { rec = this.delegated('rec'), rd = this.rd, params_ptr, ...params } = asked;
    const aux = params.aux ?? Array.from({ length: 16 }, () => this.delegated());
    const page = RmiRecParams.encode({ flags: 1n, pc: 0x1000n, num_aux: 16n, ...params, aux });
    const pointer = params_ptr ?? this.page();
    if (params_ptr === undefined) this.platform.write(pointer, page);
    const x = this.rmi('RMI_REC_CREATE', rd, rec, pointer);
    if (x[0] === 0n) this.rec = rec;
    return x;
  }

  /** The Realm that most rows start from, before it is activated. */
  fresh(asked: Asked = {}): this {
    this.root(asked).tables();
    for (let ipa = 0n; ipa < 0x4000n; ipa += GRANULE) this.must(this.initRipas(ipa, ipa + GRANULE));
    this.must(this.data(0n));
    this.must(this.unknown(0x2000n));
    this.must(this.createRec());
    this.run = this.page();
    return this;
  }

  std(asked: Asked = {}): this {
    this.fresh(asked).activate();
    return this;
  }

  activate(): Regs {
    return this.must(this.rmi('RMI_REALM_ACTIVATE', this.rd));
  }

  /** RMI_REC_ENTER; a Realm that it enters is interrupted at once. */
  enterAndLeave(entry: Entry = {}, rec = this.rec, run = this.run): Regs {
    this.platform.write(run, RmiRecEnter.encode(entry));
    return this.rmi('RMI_REC_ENTER', rec, run);
  }

  /** The Realm runs from here on. */
  enter(entry: Entry = {}, rec = this.rec): this {
    this.platform.write(this.run, RmiRecEnter.encode(entry));
    const reply = this.platform.smc([fid('RMI_REC_ENTER'), rec, this.run]);
    if (reply.kind !== 'enter') throw new Error(`RMI_REC_ENTER answers ${reply.x[0]}`);
    return this;
  }

  registers(entry: Entry = {}): Regs {
    this.enter(entry);
    const context = this.platform.realm();
    if (context === undefined) throw new Error('no Realm runs');
    return context.gprs;
  }

  /** A call of the Realm; registers that are not given keep their values. */
  realm(name: string | bigint, ...args: bigint[]): Regs | Exit {
    const reply: RealmReply = this.platform.realmSmc([typeof name === 'string' ? fid(name) : name, ...args]);
    if (reply.kind === 'return') return reply.x;
    if (reply.kind !== 'exit') throw new Error(`${name} ends as ${reply.kind}`);
    this.left = reply.x;
    return this.exit();
  }

  exit(): Exit {
    const page = this.platform.read(this.run + BigInt(REC_EXIT_OFFSET), 0x800);
    if (page === undefined) throw new Error('the exit cannot be read');
    const { exit_reason, esr, far, hpfar, gprs, ripas_base, ripas_top, ripas_value, imm } = RmiRecExit.decode(page);
    return { reason: exit_reason, esr, far, hpfar, gprs: gprs.slice(0, 8), ripas_base, ripas_top, ripas_value, imm };
  }
}
