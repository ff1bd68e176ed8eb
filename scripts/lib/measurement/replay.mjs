import { ENTRY_LEVELS, HASHES } from './vectors.mjs';

/** Enough of everything for any vector; memory that is not touched costs nothing. */
const DRAM = { base: 0x8000_0000n, size: 1n << 40n };
const MAX_PMU_CTRS = 31;
const MAX_RECS_ORDER = 15;

/** The level from which one table reaches the whole IPA space. */
const startLevelOf = (s2sz) => (s2sz > 48 ? -1 : s2sz > 39 ? 0 : 1);

/** Why a vector cannot be replayed at all: something that this revision of the RMM does not have. */
const unsupported = (vector, variants) => {
  if (!HASHES.has(vector.algo)) return `the RMM has no hash algorithm ${vector.algo}`;
  const op = vector.kind === 'rim' ? vector.ops.find(({ unknown }) => unknown) : undefined;
  if (op !== undefined) return `there is no operation ${op.op}`;
  if (vector.kind === 'rem' && variants.length === 0) return 'the RMM offers none of its variants';
  return undefined;
};

/** An answer that ends a replay: the vector has failed. */
class Refused extends Error {}

const sameBytes = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
const sameWords = (a, b) => a.length === b.length && a.every((word, i) => word === b[i]);

/**
 * Replays measurement vectors through RMI and RSI calls, each on a machine of its own.
 *
 * @param {import('./replay.d.mts').ReplayLibrary} library
 * @param {import('./replay.d.mts').Boot} boot
 * @returns {import('./replay.d.mts').Replay}
 */
export const createReplay = (library, boot) => {
  const { abi, bytes, host, rmm, profileProblems } = library;
  const { callRmi, tryRmi, rmiFid, createGranules, createTables } = host;
  const rsiFid = (name) => BigInt(rmm.RMM_1_0.rsi.find((command) => command.name === name).fid);
  const calls = { rmi: 0, rsi: 0 };

  /** A machine that tells what is called, and what each measurement of slot 0 becomes. */
  const bootWatched = (settings) => {
    const rims = [];
    const trace = (event) => {
      if (event.type === 'smc.call') calls[event.caller === 'host' ? 'rmi' : 'rsi'] += 1;
      else if (event.type === 'measurement' && event.slot === 0) rims.push(event.to);
    };
    return { platform: boot({ ...settings, trace }), rims };
  };

  const machineFor = ({ flags, s2sz, sve_vl, num_bps, num_wps }) => {
    const asks = (flag) => (flags & flag) !== 0n;
    const { sve, pmu, lpa2 } = abi.RMI_REALM_FLAG;
    return {
      pa_width: 48,
      dram: [DRAM],
      s2sz: Math.max(s2sz, 48),
      lpa2: asks(lpa2) || s2sz > 48,
      sve_vl: asks(sve) ? sve_vl : undefined,
      num_bps: Math.max(num_bps, 1),
      num_wps: Math.max(num_wps, 1),
      pmu_num_ctrs: asks(pmu) ? MAX_PMU_CTRS : undefined,
      hpmn0: true,
      max_recs_order: MAX_RECS_ORDER,
    };
  };

  const createRealm = (platform, realm_params, algo) => {
    const granules = createGranules(platform);
    const startLevel = startLevelOf(realm_params.s2sz);
    const count = rmm.startLevelTables(realm_params.s2sz, startLevel);
    const page = granules.allocate();
    const rd = granules.delegate();
    const rttBase = granules.delegate(count, count);
    const params = abi.RmiRealmParams.encode({
      ...realm_params,
      hash_algo: HASHES.get(algo).encoded,
      vmid: 1,
      rtt_base: rttBase,
      rtt_level_start: BigInt(startLevel),
      rtt_num_start: count,
    });
    platform.write(page, params);
    callRmi(platform, 'REALM_CREATE', rd, page);
    return { platform, rd, page, granules, tables: createTables(platform, granules, rd, startLevel), recs: [] };
  };

  const dataCreate = ({ platform, rd, page, granules, tables }, { ipa, measure, content }) => {
    tables.ensure(ipa, abi.RTT_PAGE_LEVEL);
    platform.write(page, content);
    const flags = measure ? abi.RMI_DATA_FLAG.measure : 0n;
    callRmi(platform, 'DATA_CREATE', rd, granules.delegate(), ipa, page, flags);
  };

  const recCreate = ({ platform, rd, page, granules, recs }, { flags, pc, gprs }) => {
    const [, num_aux] = callRmi(platform, 'REC_AUX_COUNT', rd);
    const rec = granules.delegate();
    const aux = Array.from({ length: Number(num_aux) }, () => granules.delegate());
    const mpidr = abi.recMpidr(recs.length);
    platform.write(page, abi.RmiRecParams.encode({ flags, mpidr, pc, gprs, num_aux, aux }));
    callRmi(platform, 'REC_CREATE', rd, rec, page);
    recs.push({ rec, runnable: (flags & abi.RMI_REC_FLAG.runnable) !== 0n });
  };

  /** One call reaches the end of one table at most: it is repeated until it gets no further. */
  const initRipas = ({ platform, rd, tables }, { base, top, entry_size }) => {
    for (let at = base; at < top; ) {
      tables.ensure(at, ENTRY_LEVELS.get(entry_size));
      const { result, x } = tryRmi(platform, 'RTT_INIT_RIPAS', rd, at, top);
      if (result.status === 'RMI_ERROR_RTT') return;
      if (result.status !== 'RMI_SUCCESS')
        throw new Refused(`RMI_RTT_INIT_RIPAS answered ${abi.rmiResultText(result)}`);
      at = x[1];
    }
  };

  /** Activates the Realm and enters its first runnable REC. @returns what issues RSI calls from there. */
  const enter = ({ platform, rd, granules, recs }) => {
    callRmi(platform, 'REALM_ACTIVATE', rd);
    const { rec } = recs.find(({ runnable }) => runnable);
    const reply = platform.smc([rmiFid('REC_ENTER'), rec, granules.allocate()]);
    if (reply.kind !== 'enter') throw new Refused('RMI_REC_ENTER did not enter the REC');
    return (name, ...args) => {
      const { kind, x } = platform.realmSmc([rsiFid(name), ...args]);
      const status = kind === 'return' ? abi.decodeRsiStatus(x[0]) : undefined;
      if (status !== 'RSI_SUCCESS') throw new Refused(`${name} answered ${status ?? 'nothing'}`);
      return x;
    };
  };

  const measurement = ({ platform, rd }, slot) => platform.rmm.state.realm(rd).measurements[slot];

  const replayRim = (vector, problem) => {
    const profile = machineFor(vector.realm_params);
    const [impossible] = profileProblems({ ...library.DEFAULT_PROFILE, ...profile });
    if (impossible !== undefined) return problem(`no machine can have it: ${impossible}`);
    const { platform, rims } = bootWatched({ machine: profile });
    const { size } = HASHES.get(vector.algo);

    const realm = createRealm(platform, vector.realm_params, vector.algo);
    const steps = [{ after: 'realm_create', rim: rims.at(-1) }];
    const operations = { data_create: dataCreate, rec_create: recCreate, init_ripas: initRipas };
    for (const op of vector.ops) {
      const before = rims.length;
      operations[op.op](realm, op);
      // A REC that is not runnable measures nothing, and is a step nevertheless.
      const measured = rims.length === before && op.op === 'rec_create' ? [rims.at(-1)] : rims.slice(before);
      for (const rim of measured) steps.push({ after: op.op, rim });
    }

    const shown = (slot) => slot.slice(0, 2 * size);
    if (vector.steps.length > 0 && vector.steps.length !== steps.length) {
      problem(`there are ${steps.length} steps, not ${vector.steps.length}`);
    }
    const parted = vector.steps.findIndex(({ after, rim }, i) => {
      const step = steps[i];
      return step !== undefined && (step.after !== after || shown(step.rim) !== bytes.toHex(rim));
    });
    if (parted !== -1) problem(`step ${parted + 1}, ${steps[parted].after}, gives ${shown(steps[parted].rim)}`);

    const rim = measurement(realm, 0);
    if (bytes.toHex(rim) !== rims.at(-1)) problem('the Realm Descriptor does not hold what was measured last');
    if (!sameBytes(rim.subarray(0, size), vector.rim)) problem(`the RIM is ${bytes.toHex(rim.subarray(0, size))}`);
    if (vector.rim_slot !== undefined && !sameBytes(rim, vector.rim_slot)) {
      problem(`the slot of the RIM holds ${bytes.toHex(rim)}`);
    }
    if (!realm.recs.some(({ runnable }) => runnable)) return;
    const read = enter(realm)('RSI_MEASUREMENT_READ', 0n).slice(1, 9);
    if (!sameWords(read, vector.rsi_measurement_read ?? bytes.toDoublewords(rim))) {
      problem(`RSI_MEASUREMENT_READ gives ${read.map((x) => bytes.hexNumber(x)).join(' ')}`);
    }
  };

  const replayRem = (vector, variants, problem) => {
    const registers = vector.extends.map((value) => ({
      size: BigInt(value.length),
      x3_x10: bytes.toDoublewords(bytes.padEnd(value, 64)),
    }));
    const strange = (vector.registers ?? registers).findIndex(
      ({ size, x3_x10 }, i) => size !== registers[i].size || !sameWords(x3_x10, registers[i].x3_x10),
    );
    if (strange !== -1) problem(`registers[${strange}] do not carry extends[${strange}]`);

    const realm_params = { flags: 0n, s2sz: 40, sve_vl: 0, num_bps: 1, num_wps: 1, pmu_num_ctrs: 0 };
    for (const remFormula of variants) {
      const { platform } = bootWatched({ machine: machineFor(realm_params), rmm: { remFormula } });
      const realm = createRealm(platform, realm_params, vector.algo);
      recCreate(realm, { flags: abi.RMI_REC_FLAG.runnable, pc: 0n, gprs: [] });
      const rsi = enter(realm);
      for (const [i, { size, x3_x10 }] of registers.entries()) {
        rsi('RSI_MEASUREMENT_EXTEND', 1n, size, ...x3_x10);
        const slot = bytes.fromDoublewords(rsi('RSI_MEASUREMENT_READ', 1n).slice(1, 9));
        if (!sameBytes(slot, measurement(realm, 1))) problem(`${remFormula}: RSI_MEASUREMENT_READ gives another value`);
        if (!sameBytes(slot, vector.expected.get(remFormula)[i])) {
          problem(`${remFormula}: extend ${i + 1} gives ${bytes.toHex(slot)}`);
        }
      }
    }
  };

  return {
    calls,
    variants: Object.keys(rmm.REM_FORMULAS),
    run(vector) {
      const variants =
        vector.kind === 'rem' ? Object.keys(rmm.REM_FORMULAS).filter((name) => vector.expected.has(name)) : [];
      const skipped = unsupported(vector, variants);
      if (skipped !== undefined) return { id: vector.id, skipped, problems: [] };
      const problems = [];
      const problem = (sentence) => {
        problems.push(sentence);
      };
      try {
        if (vector.kind === 'rim') replayRim(vector, problem);
        else replayRem(vector, variants, problem);
      } catch (error) {
        if (!(error instanceof host.HostError || error instanceof Refused)) throw error;
        problem(error.message);
      }
      return { id: vector.id, skipped: undefined, problems };
    },
  };
};
