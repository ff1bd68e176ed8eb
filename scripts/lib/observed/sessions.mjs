import { hesOf, Machine, playEach, profileOf } from './machine.mjs';
import {
  bytesOf,
  count,
  gprsOf,
  listOf,
  objectOf,
  patternPage,
  realmParamsPage,
  show,
  signed,
  Unplayable,
  word,
  wordOr0,
} from './value.mjs';

const EXIT_OFFSET = 0x800n;

const showCall = (name, args) => `${name}(${args.map(show).join(', ')})`;

/** Differences between registers and a recorded list, in which null is a register that the handler did not write. */
const registerProblems = (expected, actual, unwritten = () => undefined) =>
  expected.flatMap((value, n) => {
    const wanted = value === null ? unwritten(n) : word(value, `x${n}`);
    return wanted === undefined || wanted === actual[n] ? [] : [`x${n}: ${show(actual[n])} instead of ${show(wanted)}`];
  });

/**
 * Replays sequences of Host and Realm calls, each on a machine of its own.
 *
 * @param {import('./observed.d.mts').ObservedLibrary} library
 * @param {import('./observed.d.mts').Boot} boot
 */
export const replaySessions = (library, boot, meta, entries, report) => {
  const hes = objectOf(objectOf(meta, 'meta').hes, 'meta.hes');
  const rak = bytesOf(hes.rak_private, 'meta.hes.rak_private');
  const platformToken = bytesOf(hes.platform_token, 'meta.hes.platform_token');
  const nameOf = ({ seed }, n) => `session ${n}${seed === undefined ? '' : ` (seed ${seed})`}`;
  playEach(entries, 'random_sessions', nameOf, report, (session, name) => {
    report.begin(name);
    const hesPort = hesOf(library, rak, platformToken);
    const machine = new Machine(library, boot({ machine: profileOf(library, meta, session.features0), hesPort }));
    playEach(
      session.events,
      `${name}.events`,
      (_, n) => `${name} event ${n}`,
      report,
      (event, where) => replayEvent(library, machine, event, where, report),
    );
    if (session.final !== undefined) report.revoke(`${name} at its end`, finalProblems(machine, session.final));
  });
};

const replayEvent = (library, machine, event, where, report) => {
  if (event.delegate !== undefined) {
    for (const given of listOf(event.delegate, 'delegate')) {
      const pa = word(given, 'delegate');
      const { x } = machine.rmi('GRANULE_DELEGATE', pa);
      report.count(`${where}: ${showCall('GRANULE_DELEGATE', [pa])}`, registerProblems(['0'], x));
    }
  } else if (event.w !== undefined) hostWrites(library, machine, event);
  else if (event.c !== undefined) hostCall(library, machine, event, where, report);
  else throw new Unplayable(`what is an event with ${Object.keys(event).join(', ')}?`);
};

const hostWrites = (library, machine, event) => {
  const pages = {
    pattern: () => patternPage(count(event.seed, 'seed'), count(event.mul, 'mul')),
    realm_params() {
      const rpv = library.padEnd(bytesOf(event.rpv4 ?? '', 'rpv4'), 64);
      const small = ['flags', 's2sz', 'sve_vl', 'num_bps', 'num_wps', 'vmid', 'rtt_base'];
      return realmParamsPage(library.RmiRealmParams, {
        ...Object.fromEntries(small.map((name) => [name, wordOr0(event[name], name)])),
        pmu_num_ctrs: wordOr0(event.pmu, 'pmu'),
        hash_algo: wordOr0(event.algo, 'algo'),
        rpv,
        rtt_level_start: signed(event.sl ?? 0, 'sl'),
        rtt_num_start: wordOr0(event.num_start, 'num_start'),
      });
    },
    rec_params() {
      const num_aux = wordOr0(event.num_aux, 'num_aux');
      const base = wordOr0(event.aux_base, 'aux_base');
      return library.RmiRecParams.encode({
        flags: wordOr0(event.flags, 'flags'),
        mpidr: wordOr0(event.mpidr, 'mpidr'),
        pc: wordOr0(event.pc, 'pc'),
        gprs: gprsOf(event.gprs, 8),
        num_aux,
        aux: Array.from({ length: 16 }, (_, n) => (BigInt(n) < num_aux ? base + BigInt(n) * 0x1000n : 0n)),
      });
    },
    rec_run() {
      const page = new Uint8Array(0x1000);
      page.set(library.RmiRecEnter.encode({ flags: wordOr0(event.flags, 'flags'), gprs: gprsOf(event.gprs, 31) }));
      return page;
    },
  };
  const page = Object.hasOwn(pages, event.w) ? pages[event.w] : undefined;
  if (page === undefined) throw new Unplayable(`there is no page ${JSON.stringify(event.w)}`);
  machine.write(word(event.pa, 'pa'), page());
};

const hostCall = (library, machine, event, where, report) => {
  const args = listOf(event.a ?? [], 'a').map((value, n) => word(value, `a[${n}]`));
  const expected = listOf(event.x, 'x');
  const call = `${where}: ${showCall(event.c, args)}`;
  const reply = machine.rmi(event.c, ...args);
  if (reply.kind === 'enter') {
    runRealm(library, machine, event, args, call, reply.context, report);
    return;
  }
  const problems = registerProblems(expected, reply.x, (n) => (n < 4 ? 0n : (args[n - 1] ?? 0n)));
  if (event.realm !== undefined || event.entry_regs !== undefined) problems.push('the Realm was not entered');
  else if (event.exit !== undefined) problems.push(...exitProblems(library, machine, args[1], event.exit));
  report.count(call, problems);
  for (const _ of event.realm ?? []) report.count(`${call}, in the Realm`, ['the Realm was not entered']);
};

/** From an entry to its exit: the calls of the Realm count by themselves, and the entry counts when it returns. */
const runRealm = (library, machine, event, args, call, context, report) => {
  const problems = [];
  const entered = listOf(event.entry_regs ?? [], 'entry_regs').map((value, n) => word(value, `entry_regs[${n}]`));
  problems.push(
    ...entered.flatMap((value, n) =>
      value === context.gprs[n] ? [] : [`x${n} at entry: ${show(context.gprs[n])} instead of ${show(value)}`],
    ),
  );
  if (event.pc !== undefined && word(event.pc, 'pc') !== context.pc) {
    problems.push(`pc at entry: ${show(context.pc)} instead of ${show(word(event.pc, 'pc'))}`);
  }
  if (event.realm === undefined) problems.push('the Realm was entered');

  let left;
  for (const [n, given] of listOf(event.realm ?? [], 'realm').entries()) {
    const step = objectOf(given, `realm[${n}]`);
    const kind = ['fiq', 'irq', 'serror'].find((each) => step[each] !== undefined);
    if (kind !== undefined) {
      if (left === undefined) left = machine.platform.interrupt(kind.toUpperCase());
      continue;
    }
    const registers = listOf(step.a, 'a').map((value, i) => word(value, `a[${i}]`));
    const realmCall = `${call}, in the Realm: ${registers.map(show).join(' ')}`;
    if (left !== undefined) {
      report.count(realmCall, ['the Realm does not run any more']);
      continue;
    }
    const reply = machine.platform.realmSmc(registers);
    if (reply.kind === 'exit') left = reply.x;
    report.count(realmCall, [
      ...(step.exit !== undefined && reply.kind !== 'exit' ? ['it returned instead of leaving'] : []),
      ...(step.exit === undefined && reply.kind === 'exit' ? ['it left instead of returning'] : []),
      ...(step.x !== undefined && reply.kind === 'return' ? registerProblems(listOf(step.x, 'x'), reply.x) : []),
    ]);
  }
  if (left === undefined) {
    problems.push('the Realm still ran');
    left = machine.platform.interrupt('FIQ');
  }
  problems.push(...registerProblems(listOf(event.x, 'x'), left, (n) => (n < 4 ? 0n : (args[n - 1] ?? 0n))));
  if (event.exit !== undefined) problems.push(...exitProblems(library, machine, args[1], event.exit));
  report.count(call, problems);
};

const exitProblems = (library, machine, run, exit) => {
  const page = machine.platform.read(run + EXIT_OFFSET, 0x800);
  if (page === undefined) return ['the Host cannot read the exit'];
  const actual = library.RmiRecExit.decode(page);
  // The reference RMM gives the Host 32 bits of it (D19).
  const imm = BigInt(new DataView(page.buffer, page.byteOffset).getUint32(library.RmiRecExit.members.imm.offset, true));
  const { reason, ripas, gprs, ...others } = objectOf(exit, 'exit');
  const value = (member) => {
    if (member === 'imm') return imm;
    if (!Object.hasOwn(actual, member)) throw new Unplayable(`RmiRecExit has no member ${member}`);
    return BigInt(actual[member]);
  };
  const pairs = [
    ...(reason === undefined ? [] : [['exit_reason', reason]]),
    ...['ripas_base', 'ripas_top', 'ripas_value'].map((member, n) => [member, (ripas ?? [])[n]]),
    ...Object.entries(others),
  ];
  return [
    ...pairs.flatMap(([member, expected]) => {
      if (expected === undefined) return [];
      const wanted = word(expected, member);
      return wanted === value(member) ? [] : [`exit.${member}: ${show(value(member))} instead of ${show(wanted)}`];
    }),
    ...listOf(gprs ?? [], 'exit.gprs').flatMap((expected, n) => {
      const wanted = word(expected, `exit.gprs[${n}]`);
      return wanted === actual.gprs[n] ? [] : [`exit.gprs[${n}]: ${show(actual.gprs[n])} instead of ${show(wanted)}`];
    }),
  ];
};

const LETTERS = { UNDELEGATED: 'n', DELEGATED: 'd', RD: 'R', REC: 'C', REC_AUX: 'a', DATA: 'D', RTT: 'T' };

/** One letter for each granule from the start of DRAM, and the measurements of each Realm. */
const finalProblems = (machine, final) => {
  const { state } = machine.platform.rmm;
  const { base } = machine.platform.config.machine.dram[0];
  const { granules = '', rds: listed = {} } = objectOf(final, 'final');
  const rds = objectOf(listed, 'final.rds');
  const problems = [];
  if (typeof granules !== 'string') throw new Unplayable('final.granules is no text');
  for (const [n, letter] of [...granules].entries()) {
    const pa = base + BigInt(n) * 0x1000n;
    const ours = LETTERS[state.granule(pa)];
    if (ours !== letter) problems.push(`granule ${show(pa)}: ${ours} instead of ${letter}`);
  }
  const live = new Map([...state.realms()].map(([rd]) => [rd.toString(16), rd]));
  for (const [name, expected] of Object.entries(rds)) {
    const rd = live.get(name.replace(/^0x/, ''));
    if (rd === undefined) problems.push(`there is no Realm at ${name}`);
    else {
      const ours = machine.measurements(rd);
      for (const [n, value] of listOf(expected, `final.rds.${name}`).entries()) {
        if (ours[n] !== value)
          problems.push(`measurement ${n} of the Realm at ${name}: ${ours[n]} instead of ${value}`);
      }
    }
  }
  for (const name of live.keys()) {
    if (!Object.keys(rds).some((key) => key.replace(/^0x/, '') === name)) problems.push(`there is a Realm at ${name}`);
  }
  return problems;
};
