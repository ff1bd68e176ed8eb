import { decodeRmiResult, REC_EXIT_OFFSET, RMI_REC_EXIT_REASON, RmiRecExit } from '../../src/abi/index.ts';
import type { Platform } from '../../src/platform/index.ts';
import { RMM_1_0 } from '../../src/rmm/index.ts';
import type { Command } from '../../src/spec/index.ts';
import { readsAsWiped } from './invariants.ts';
import { changed, leadsOf, type Observed } from './observe.ts';
import type { Reply, Step } from './step.ts';

/** One act with the machine before and after it. */
export interface Event {
  readonly platform: Platform;
  readonly step: Step;
  readonly reply: Reply;
  readonly before: Observed;
  readonly after: Observed;
}

type Law = (event: Event) => Iterable<string>;

const hex = (pa: number | bigint): string => `0x${pa.toString(16)}`;

const byFid = (commands: readonly Command[]): ReadonlyMap<bigint, Command> =>
  new Map(commands.map((command) => [BigInt(command.fid), command]));
const COMMANDS = { host: byFid(RMM_1_0.rmi), realm: byFid([...RMM_1_0.rsi, ...RMM_1_0.psci]) };

/** The command that an SMC calls, if its caller has one of that function. The SVE hint says nothing. */
const commandOf = (step: Step): Command | undefined =>
  step.act === 'host' || step.act === 'realm' ? COMMANDS[step.act].get((step.x[0] ?? 0n) & ~0x1_0000n) : undefined;
const calls = ({ step }: Event, name: string): boolean => commandOf(step)?.name === name;

/** The life of a granule, as rmm-model 1.3 has it. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  UNDELEGATED: ['DELEGATED'],
  DELEGATED: ['UNDELEGATED', 'RD', 'RTT', 'DATA', 'REC', 'REC_AUX'],
  RD: ['DELEGATED'],
  RTT: ['DELEGATED'],
  DATA: ['DELEGATED'],
  REC: ['DELEGATED'],
  REC_AUX: ['DELEGATED'],
};

const MAKES: Readonly<Record<string, readonly string[]>> = {
  RMI_GRANULE_DELEGATE: ['UNDELEGATED>DELEGATED'],
  RMI_GRANULE_UNDELEGATE: ['DELEGATED>UNDELEGATED'],
  RMI_REALM_CREATE: ['DELEGATED>RD', 'DELEGATED>RTT'],
  RMI_REALM_DESTROY: ['RD>DELEGATED', 'RTT>DELEGATED'],
  RMI_REC_CREATE: ['DELEGATED>REC', 'DELEGATED>REC_AUX'],
  RMI_REC_DESTROY: ['REC>DELEGATED', 'REC_AUX>DELEGATED'],
  RMI_DATA_CREATE: ['DELEGATED>DATA'],
  RMI_DATA_CREATE_UNKNOWN: ['DELEGATED>DATA'],
  RMI_DATA_DESTROY: ['DATA>DELEGATED'],
  RMI_RTT_CREATE: ['DELEGATED>RTT'],
  RMI_RTT_DESTROY: ['RTT>DELEGATED'],
  RMI_RTT_FOLD: ['RTT>DELEGATED'],
};

function* granulesChangeByTheirCommands(event: Event): Iterable<string> {
  const { before, after, step } = event;
  const moved = changed(before.granules, after.granules);
  const name = commandOf(step)?.name;
  for (const pa of moved) {
    const from = before.granules.get(pa) ?? 'UNDELEGATED';
    const to = after.granules.get(pa) ?? 'UNDELEGATED';
    const legal = STEPS[from]?.includes(to) === true && MAKES[name ?? '']?.includes(`${from}>${to}`) === true;
    if (!legal) yield `${name ?? step.act} made ${hex(pa)} ${to} of ${from}`;
  }
}

/** A command of the Host that fails has no effect. REC_ENTER has one when the Realm ran and could not be reported. */
function* failuresChangeNothing({ step, reply, before, after }: Event): Iterable<string> {
  if (step.act !== 'host' || reply.kind !== 'return') return;
  if ((reply.x[0] ?? 0n) !== 0n && before !== after) yield 'a command failed and changed something';
}

/** Whose memory a page is: a granule that a Realm's tables map. */
const mappedBy = ({ rtts, realms }: Observed, rd: number): boolean => realms.has(rd) && rtts.size > 0;

/** Contents change where the act says so: the Host's own memory, memory of the Realm that acts, the page of an exit. */
function* contentsChangeByTheirOwner(event: Event): Iterable<string> {
  const { before, after, step, platform } = event;
  const pages = changed(before.pages, after.pages);
  if (pages.length === 0) return;
  const pe = 'pe' in step ? step.pe : 0;
  const ran = before.running[pe] ?? after.running[pe];
  const runPage = step.act === 'host' && calls(event, 'RMI_REC_ENTER') ? step.x[2] : ran?.run_ptr;
  const rec = step.act === 'host' ? Number(step.x[1] ?? 0n) : Number(ran?.rec ?? 0n);
  const owner = Number(before.recs.get(rec)?.owner ?? 0n);
  const realmMayWrite = step.act !== 'write' && mappedBy(before, owner);
  for (const pa of pages) {
    if (before.granules.get(pa) !== after.granules.get(pa)) continue;
    if (step.act === 'write') {
      const first = Number(step.pa) - (Number(step.pa) % 0x1000);
      if (pa >= first && pa < Number(step.pa) + step.bytes.length && !before.granules.has(pa)) continue;
    }
    if (runPage !== undefined && pa === Number(runPage)) continue;
    if (realmMayWrite && ownsOrShares(before, platform, owner, pa)) continue;
    yield `the contents of ${before.granules.get(pa) ?? 'UNDELEGATED'} ${hex(pa)} changed`;
  }
}

/** Whether the Realm's tables lead to the page, as its own or as the Host's. */
const ownsOrShares = (seen: Observed, { rmm: { state } }: Platform, rd: number, pa: number): boolean => {
  if (seen.granules.get(pa) !== 'DATA' && seen.granules.has(pa)) return false;
  const realm = seen.realms.get(rd);
  if (realm === undefined) return false;
  const visit = (rtt: number, level: number): boolean => {
    const record = seen.rtts.get(rtt);
    if (record === undefined) return false;
    const size = 2 ** (39 - 9 * level);
    const { assigned, tables, shared } = leadsOf(record);
    if (assigned.some(([, first]) => pa >= first && pa < first + size)) return true;
    const { entries } = state.rtt(BigInt(rtt));
    const lent = (index: number): boolean => {
      const first = Number(entries[index]?.addr ?? 0n);
      return pa >= first && pa < first + size;
    };
    if (shared.some(lent)) return true;
    return tables.some(([, child]) => visit(child, level + 1));
  };
  for (let i = 0; i < realm.rtt_num_start; i += 1) {
    if (visit(Number(realm.rtt_base) + i * 0x1000, realm.rtt_level_start)) return true;
  }
  return false;
};

/** A granule that came back from the Realm world, or was taken by it, shows nothing of what it held. */
function* nothingShowsThrough(event: Event): Iterable<string> {
  const { step, reply, platform, before, after } = event;
  if (step.act !== 'host' || reply.kind !== 'return') return;
  const fill = platform.config.machine.wipe_fill;
  for (const pa of changed(before.granules, after.granules)) {
    const seen = platform.read(BigInt(pa), 0x1000);
    if (after.granules.has(pa)) {
      if (seen !== undefined) yield `the Host can read ${after.granules.get(pa)} ${hex(pa)}`;
      if (platform.write(BigInt(pa), Uint8Array.of(1))) yield `the Host can write ${after.granules.get(pa)} ${hex(pa)}`;
    } else if (seen === undefined || !readsAsWiped(seen, fill)) {
      yield `the Host finds contents in ${hex(pa)}, which it got back`;
    }
  }
  const created = calls(event, 'RMI_DATA_CREATE_UNKNOWN') ? Number(step.x[2]) : undefined;
  if (created !== undefined && reply.x[0] === 0n) {
    const page = after.pages.get(created);
    const clean = page === undefined ? fill === 0 : readsAsWiped(page, fill);
    if (!clean) yield `DATA ${hex(created)} of unknown contents holds something`;
  }
}

/** What is fixed when a Realm is made, and its measurements, change by nothing but their own commands. */
function* realmsKeepWhatTheyAre(event: Event): Iterable<string> {
  const { before, after, step } = event;
  const extendsRim = ['RMI_DATA_CREATE', 'RMI_REC_CREATE', 'RMI_RTT_INIT_RIPAS'].some((name) => calls(event, name));
  for (const rd of changed(before.realms, after.realms)) {
    const from = before.realms.get(rd);
    const to = after.realms.get(rd);
    if (from === undefined || to === undefined) continue;
    for (const member of [
      'feat_lpa2',
      'ipa_width',
      'hash_algo',
      'rtt_base',
      'rtt_level_start',
      'vmid',
      'rpv',
    ] as const) {
      if (from[member] !== to[member]) yield `${member} of Realm ${hex(rd)} changed`;
    }
    if (from.measurements[0] !== to.measurements[0] && !(extendsRim && from.state === 'REALM_NEW')) {
      yield `the RIM of Realm ${hex(rd)} changed`;
    }
    const rems = [1, 2, 3, 4].filter((slot) => from.measurements[slot] !== to.measurements[slot]);
    if (rems.length > 0 && !(step.act === 'realm' && calls(event, 'RSI_MEASUREMENT_EXTEND') && rems.length === 1)) {
      yield `a REM of Realm ${hex(rd)} changed`;
    }
    if (to.rec_index < from.rec_index) yield `rec_index of Realm ${hex(rd)} went back`;
  }
}

const SMCCC_VERSION = 0x8000_0000n;

/** What a command does not define is zero up to X16, or X6 for PSCI, and the caller's after that (rmi 1, rsi 1). */
function* registersAreClean(event: Event): Iterable<string> {
  const { step, reply } = event;
  if (!('x' in step) || !('x' in reply)) return;
  // An exit's registers are those that the Host passed when it entered.
  if (step.act === 'realm' && reply.kind === 'exit') return;
  const command = commandOf(step);
  if (command === undefined) {
    const known = step.act === 'realm' && ((step.x[0] ?? 0n) & ~0x1_0000n) === SMCCC_VERSION;
    if (!known && reply.x[0] !== 0xffff_ffff_ffff_ffffn) yield `an unknown function answered ${hex(reply.x[0] ?? 0n)}`;
    return;
  }
  const defined = new Set([0]);
  for (const { first, type } of Object.values(command.outputs)) {
    for (let i = 0; i < type.count; i += 1) defined.add(first + i);
  }
  const clean = command.name.startsWith('PSCI_') ? 6 : 16;
  for (let n = 1; n <= 17; n += 1) {
    if (defined.has(n)) continue;
    const want = n <= clean ? 0n : step.x[n];
    if (want !== undefined && reply.x[n] !== want) yield `${command.name} left ${hex(reply.x[n] ?? 0n)} in X${n}`;
  }
}

/** X0 of a Host's command is a return code, with an index only where there is one (rmi 3). */
function* codesAreCodes({ step, reply }: Event): Iterable<string> {
  if (step.act !== 'host' || !('x' in reply) || commandOf(step) === undefined) return;
  const code = decodeRmiResult(reply.x[0] ?? 0n);
  if (code === undefined) yield `${hex(reply.x[0] ?? 0n)} is no return code`;
  else if (code.status === 'RMI_ERROR_RTT' ? code.index < -1 || code.index > 3 : code.index > 1) {
    yield `${code.status} has index ${code.index}`;
  }
}

const EXIT_REASON: ReadonlyMap<number, string> = new Map(
  Object.entries(RMI_REC_EXIT_REASON).map(([name, value]) => [value, name]),
);
/** What each exit may say, besides interrupt controller, timers and PMU (rmi 9.3, 9.4). */
const DISCLOSED: Readonly<Record<string, readonly string[]>> = {
  SYNC: ['esr', 'far', 'hpfar', 'gprs'],
  IRQ: [],
  FIQ: [],
  PSCI: ['gprs'],
  RIPAS_CHANGE: ['ripas_base', 'ripas_top', 'ripas_value'],
  HOST_CALL: ['imm', 'gprs'],
  SERROR: ['esr'],
};
const SECRET = ['esr', 'far', 'hpfar', 'gprs', 'ripas_base', 'ripas_top', 'ripas_value', 'imm'] as const;
/** How many registers an exit discloses. */
const REGISTERS: Readonly<Record<string, number>> = { SYNC: 1, PSCI: 4, HOST_CALL: 31 };

/** An exit tells the Host what its reason is about, and nothing else of the Realm. */
function* exitsDiscloseLittle({ step, reply, platform, before, after }: Event): Iterable<string> {
  if (reply.kind !== 'exit' || reply.x[0] !== 0n || !('pe' in step)) return;
  const run_ptr = before.running[step.pe]?.run_ptr;
  if (run_ptr === undefined) return;
  const page = after.pages.get(Number(run_ptr));
  if (page === undefined) return yield 'an exit was not written';
  const exit = RmiRecExit.decode(page.subarray(REC_EXIT_OFFSET));
  const reason = EXIT_REASON.get(exit.exit_reason);
  if (reason === undefined) return yield `exit reason ${exit.exit_reason}`;
  for (const member of SECRET) {
    const value = exit[member];
    const zero = typeof value === 'object' ? value.every((x) => x === 0n) : BigInt(value) === 0n;
    if (!zero && !DISCLOSED[reason]?.includes(member)) yield `an exit for ${reason} says ${member}`;
  }
  if (exit.gprs.slice(REGISTERS[reason] ?? 0).some((x) => x !== 0n))
    yield `an exit for ${reason} says too many registers`;
  if (platform.rmm.state.running(step.pe) !== undefined) yield 'an exit left the Realm on the PE';
}

/** A Realm's act moves PC by one instruction or not at all, and leaves X18 to X30 alone. */
function* realmsAdvance({ step, reply, before, after }: Event): Iterable<string> {
  if (step.act !== 'realm' || reply.kind === 'skipped') return;
  const rec = Number(before.running[step.pe]?.rec ?? 0n);
  const from = before.recs.get(rec);
  const to = after.recs.get(rec);
  if (from === undefined || to === undefined) return yield 'a REC disappeared while it ran';
  const next = BigInt.asUintN(64, from.pc + 4n);
  if (to.pc !== next && !(reply.kind === 'exit' && to.pc === from.pc))
    yield `PC went from ${hex(from.pc)} to ${hex(to.pc)}`;
  for (let n = 18; n <= 30; n += 1) if (to.gprs[n] !== (step.x[n] ?? from.gprs[n])) yield `X${n} of a Realm changed`;
}

const LAWS: readonly Law[] = [
  granulesChangeByTheirCommands,
  failuresChangeNothing,
  contentsChangeByTheirOwner,
  nothingShowsThrough,
  realmsKeepWhatTheyAre,
  registersAreClean,
  codesAreCodes,
  exitsDiscloseLittle,
  realmsAdvance,
];

/** The first law of change that an act breaks, or undefined. */
export const brokenStep = (event: Event): string | undefined => {
  for (const law of LAWS) for (const sentence of law(event)) return sentence;
  return undefined;
};
