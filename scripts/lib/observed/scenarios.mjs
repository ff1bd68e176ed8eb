import { granulesOf, Machine, named, playEach, profileOf, rmiStatus } from './machine.mjs';
import {
  bytesOf,
  contentOf,
  count,
  gprsOf,
  listOf,
  objectOf,
  realmParamsPage,
  show,
  signed,
  Unplayable,
  word,
  wordOr0,
} from './value.mjs';

/** Arguments of each command that a scenario may issue: names of its own members, and granules that the Host finds. */
const ARGUMENTS = {
  REALM_ACTIVATE: ['rd'],
  REALM_DESTROY: ['rd'],
  REC_AUX_COUNT: ['rd'],
  RTT_CREATE: ['rd', 'granule', 'ipa', 'level'],
  RTT_DESTROY: ['rd', 'ipa', 'level'],
  RTT_FOLD: ['rd', 'ipa', 'level'],
  RTT_INIT_RIPAS: ['rd', 'base', 'top'],
  RTT_MAP_UNPROTECTED: ['rd', 'ipa', 'level', 'desc'],
  RTT_UNMAP_UNPROTECTED: ['rd', 'ipa', 'level'],
  RTT_READ_ENTRY: ['rd', 'ipa', 'level'],
  DATA_CREATE: ['rd', 'granule', 'ipa', 'content', 'flags'],
  DATA_CREATE_UNKNOWN: ['rd', 'granule', 'ipa'],
  DATA_DESTROY: ['rd', 'ipa'],
};

/**
 * Builds the Realm of a recording that names its parts and not where they lie, step by step.
 *
 * @param {import('./observed.d.mts').ObservedLibrary} library
 */
export const builderOf = (library, machine) => {
  const granules = granulesOf(machine);
  const page = granules.page();
  let rd;
  const recs = [];

  const realmCreate = (params) => {
    const p = objectOf(params, 'realm_params');
    const rtt_num_start = count(p.rtt_num_start, 'rtt_num_start');
    // Concatenated tables are aligned to their size, as the specification wants them, up to what VMSA allows.
    const align = rtt_num_start > 0 && rtt_num_start <= 16 ? 2 ** Math.ceil(Math.log2(rtt_num_start)) : 1;
    const rtt_base = granules.delegated(Math.max(1, Math.min(rtt_num_start, 16)), align);
    const candidate = granules.delegated();
    machine.write(
      page,
      realmParamsPage(library.RmiRealmParams, {
        ...Object.fromEntries(
          ['flags', 's2sz', 'sve_vl', 'num_bps', 'num_wps', 'pmu_num_ctrs', 'hash_algo', 'vmid'].map((name) => [
            name,
            wordOr0(p[name], name),
          ]),
        ),
        rpv: p.rpv === undefined ? new Uint8Array(64) : bytesOf(p.rpv, 'rpv'),
        rtt_base,
        rtt_level_start: signed(p.rtt_level_start, 'rtt_level_start'),
        rtt_num_start: BigInt(rtt_num_start),
      }),
    );
    const { x } = machine.rmi('REALM_CREATE', candidate, page);
    if (x[0] === 0n) rd = candidate;
    return x;
  };

  const recCreate = (op) => {
    const rec = granules.delegated();
    const num_aux =
      op.num_aux === undefined ? machine.platform.config.machine.rec_aux_count : count(op.num_aux, 'num_aux');
    const aux = Array.from({ length: Math.min(num_aux, 16) }, () => granules.delegated());
    const flags = wordOr0(op.flags, 'flags');
    machine.write(
      page,
      library.RmiRecParams.encode({
        flags,
        mpidr: wordOr0(op.mpidr, 'mpidr'),
        pc: wordOr0(op.pc, 'pc'),
        gprs: gprsOf(op.gprs, 8),
        num_aux: BigInt(num_aux),
        aux,
      }),
    );
    const { x } = machine.rmi('REC_CREATE', rd ?? page, rec, page);
    if (x[0] === 0n) recs.push({ rec, runnable: (flags & 1n) !== 0n });
    return x;
  };

  const argument = (op, name) => {
    if (name === 'rd') return rd ?? page;
    if (name === 'granule') return granules.delegated();
    if (name !== 'content') return word(op[name], name);
    machine.write(page, contentOf(op.content, 'content'));
    return page;
  };

  return {
    recs,
    get rd() {
      return rd;
    },
    /** Issues one step. @returns result registers */
    issue(op, params) {
      if (op.op === 'REALM_CREATE') return realmCreate(params);
      if (op.op === 'REC_CREATE') return recCreate(op);
      const names = Object.hasOwn(ARGUMENTS, op.op) ? ARGUMENTS[op.op] : undefined;
      if (names === undefined) throw new Unplayable(`a scenario cannot issue ${JSON.stringify(op.op)}`);
      return machine.rmi(op.op, ...names.map((name) => argument(op, name))).x;
    },
    /** Enters the first REC that can run. @returns whether it runs */
    enter() {
      if (machine.running()) return true;
      const runnable = recs.find((each) => each.runnable);
      if (runnable === undefined) return false;
      machine.write(page, new Uint8Array(0x1000));
      return machine.rmi('REC_ENTER', runnable.rec, page).kind === 'enter';
    },
  };
};

const describeOp = ({ op, ...members }) => {
  const shown = ['ipa', 'level', 'base', 'top', 'flags', 'mpidr', 'pc'].filter((name) => members[name] !== undefined);
  return `${op}(${shown.map((name) => `${name}=${members[name]}`).join(' ')})`;
};

const same = (what, expected, actual) =>
  expected === undefined || expected === actual ? [] : [`${what}: ${actual} instead of ${expected}`];

/**
 * Replays scenarios of RIM and REM values, each on a machine of its own.
 *
 * @param {import('./observed.d.mts').ObservedLibrary} library
 * @param {import('./observed.d.mts').Boot} boot
 */
export const replayScenarios = (library, boot, meta, entries, report) =>
  playEach(entries, 'rim_rem_scenarios', named('scenario'), report, (scenario, name) => {
    report.begin(name);
    const ops = listOf(scenario.ops ?? [], `${name}.ops`);
    const remOps = listOf(scenario.rem_ops ?? [], `${name}.rem_ops`);
    if (ops.length === 0) throw new Unplayable('has no ops');
    replayScenario(library, boot, meta, scenario, name, ops, remOps, report);
  });

/** Notes of the recording: a Realm of 52 bits was on a machine whose physical addresses have as many. */
const widest = ({ realm_params: params }, [first]) =>
  (first?.status ?? 'RMI_SUCCESS') === 'RMI_SUCCESS' && params?.s2sz !== undefined ? count(params.s2sz, 's2sz') : 0;

const replayScenario = (library, boot, meta, scenario, name, ops, remOps, report) => {
  let ripasSteps = 0;
  const trace = (event) => {
    if (event.type === 'measurement' && event.step === 'RimExtendRipas') ripasSteps += 1;
  };
  const profile = profileOf(library, meta, scenario.features0, widest(scenario, ops));
  const machine = new Machine(library, boot({ machine: profile, trace }));
  const realm = builderOf(library, machine);
  const rim = () => (realm.rd === undefined ? undefined : machine.measurements(realm.rd)[0]);

  for (const [i, step] of ops.entries()) {
    const op = objectOf(step, `${name}.ops[${i}]`);
    const call = `${name} step ${i + 1}: ${describeOp(op)}`;
    try {
      const level =
        op.op === 'RTT_INIT_RIPAS' && op.walk_level !== undefined
          ? Number(BigInt.asIntN(64, machine.rmi('RTT_READ_ENTRY', realm.rd ?? 0n, word(op.base, 'base'), 3n).x[1]))
          : undefined;
      ripasSteps = 0;
      const x = realm.issue(op, scenario.realm_params);
      report.count(call, [
        ...same('status', op.status ?? 'RMI_SUCCESS', rmiStatus(library, x[0])),
        ...same('rim', op.rim, rim()),
        ...same('walk_level', op.walk_level, level),
        ...(op.out_top === undefined ? [] : same('out_top', show(word(op.out_top, 'out_top')), show(x[1]))),
        ...same('entries', op.entries, ripasSteps),
      ]);
    } catch (error) {
      if (!(error instanceof Unplayable)) throw error;
      report.count(call, [error.message]);
    }
  }

  for (const [i, step] of remOps.entries()) {
    const op = objectOf(step, `${name}.rem_ops[${i}]`);
    const call = `${name} extend ${i + 1}: RSI_MEASUREMENT_EXTEND(index=${op.index} size=${op.size})`;
    if (!realm.enter()) {
      report.count(call, ['no REC of the scenario can run']);
      continue;
    }
    const value = library.toDoublewords(library.padEnd(bytesOf(op.value, 'value').subarray(0, 64), 64));
    const index = word(op.index, 'index');
    const { x } = machine.platform.realmSmc([
      machine.rsiFid('RSI_MEASUREMENT_EXTEND'),
      index,
      word(op.size, 'size'),
      ...value,
    ]);
    const slot = index < 5n ? machine.measurements(realm.rd)[Number(index)] : undefined;
    report.count(call, [
      ...same('status', op.status ?? 'RSI_SUCCESS', library.decodeRsiStatus(x[0]) ?? show(x[0])),
      ...same('rem', op.rem, slot),
    ]);
  }

  const measured = realm.rd === undefined ? [] : machine.measurements(realm.rd);
  report.revoke(`${name} at its end`, [
    ...same('rim', scenario.rim, measured[0]),
    ...listOf(scenario.rem ?? [], 'rem').flatMap((rem, i) => same(`rem[${i}]`, rem, measured[i + 1])),
    ...(scenario.measurement_read_rim_regs === undefined ? [] : readRim(machine, realm, scenario)),
  ]);
};

/** What RSI_MEASUREMENT_READ gives for the RIM; a Realm without a REC that can run has to be believed. */
const readRim = (machine, realm, { measurement_read_rim_regs }) => {
  if (!realm.enter()) return [];
  const { x } = machine.platform.realmSmc([machine.rsiFid('RSI_MEASUREMENT_READ'), 0n]);
  return listOf(measurement_read_rim_regs, 'measurement_read_rim_regs').flatMap((expected, n) =>
    same(`x${n} of RSI_MEASUREMENT_READ`, show(word(expected, `x${n}`)), show(x[n])),
  );
};
