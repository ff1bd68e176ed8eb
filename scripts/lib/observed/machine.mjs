import { count, listOf, objectOf, show, Unplayable, word } from './value.mjs';

/** What a replay needs of a machine, and how it names what it did. */
export class Machine {
  /** @param {import('./observed.d.mts').ObservedLibrary} library */
  constructor(library, platform) {
    this.library = library;
    this.platform = platform;
    this.rmiFids = new Map(library.RMM_1_0.rmi.map(({ name, fid }) => [name.replace(/^RMI_/, ''), BigInt(fid)]));
    this.rsiFids = new Map(library.RMM_1_0.rsi.map(({ name, fid }) => [name, BigInt(fid)]));
  }

  /** The number of an RMI command, by its name without prefix, or by itself. */
  rmiFid(name) {
    const known = this.rmiFids.get(name);
    if (known !== undefined) return known;
    if (typeof name === 'string' && /^0x[0-9a-f]{1,8}$/i.test(name)) return BigInt(name);
    throw new Unplayable(`there is no RMI command ${JSON.stringify(name)}`);
  }

  rsiFid(name) {
    return this.rsiFids.get(name);
  }

  rmi(name, ...args) {
    return this.platform.smc([this.rmiFid(name), ...args]);
  }

  write(pa, bytes) {
    if (!this.platform.write(pa, bytes)) throw new Unplayable(`the Host cannot write to ${show(pa)}`);
  }

  /** The RIM and REMs of a Realm, as recordings have them: as long as the digest. */
  measurements(rd) {
    const realm = this.platform.rmm.state.realm(rd);
    const size = realm.hash_algo === 'SHA_256' ? 32 : 64;
    return realm.measurements.map((slot) => this.library.toHex(slot.subarray(0, size)));
  }

  running() {
    return this.platform.rmm.state.running(0) !== undefined;
  }
}

/** The register that decides what a machine has, from the recording or from one scenario. */
const featuresOf = (library, register, ipaWidth) => {
  const { s2sz, ...rest } = library.decodeFeatureRegister0(register);
  const width = ipaWidth === 52 ? 52 : s2sz;
  return { ...rest, s2sz: width, pa_width: width };
};

/** The machine that a recording was made on. The reference RMM's S2SZ is the width of physical addresses. */
export const profileOf = (library, meta, features0, ipaWidth = 0) => {
  const model = objectOf(objectOf(meta, 'meta').machine_model, 'meta.machine_model');
  const profile = {
    ...featuresOf(library, word(features0 ?? model.feature_register_0, 'feature_register_0'), ipaWidth),
    dram: [{ base: word(model.dram_base, 'dram_base'), size: word(model.dram_size, 'dram_size') }],
    device: [],
    secure: [],
    vmid_width: model.vmid16 === true ? 16 : 8,
    hpmn0: model.hpmn0 === true,
    rec_aux_count: count(model.rec_aux_count, 'rec_aux_count'),
    // Notes of the recording: wiped granules read as zero.
    wipe_fill: 0,
  };
  const [problem] = library.profileProblems({ ...library.DEFAULT_PROFILE, ...profile });
  if (problem !== undefined) throw new Unplayable(`meta.machine_model: ${problem}`);
  return profile;
};

/** Granules of a recording that names none: the Host gives them out from the start of DRAM. */
export const granulesOf = (machine) => {
  let next = machine.platform.config.machine.dram[0].base;
  const take = (n = 1, align = 1) => {
    const size = 0x1000n;
    const step = BigInt(align) * size;
    const pa = ((next + step - 1n) / step) * step;
    next = pa + BigInt(n) * size;
    return pa;
  };
  return {
    page: () => take(),
    delegated(n = 1, align = 1) {
      const pa = take(n, align);
      for (let i = 0n; i < BigInt(n); i += 1n) {
        const { x } = machine.rmi('GRANULE_DELEGATE', pa + i * 0x1000n);
        if (x[0] !== 0n) throw new Unplayable(`${show(pa)} cannot be delegated`);
      }
      return pa;
    },
  };
};

/** `RMI_ERROR_RTT:2`, as recordings write a status. */
export const rmiStatus = (library, x0) => {
  const result = library.decodeRmiResult(x0);
  if (result === undefined) return show(x0);
  const { status, index } = result;
  return status === 'RMI_ERROR_RTT' || index !== 0 ? `${status}:${index}` : status;
};

/** A HES as `meta.hes` describes it, or as a token names its own. */
export const hesOf = (library, rak, platformToken) => library.staticHes({ rak, platformToken });

/**
 * Goes through a list of the recording; an entry that cannot be played fails by itself.
 *
 * @param {(entry: object, name: string) => void} play
 */
export const playEach = (entries, what, nameOf, report, play) => {
  for (const [i, entry] of listOf(entries, what).entries()) {
    const name = nameOf(entry ?? {}, i + 1);
    try {
      play(objectOf(entry, name), name);
    } catch (error) {
      if (!(error instanceof Unplayable)) throw error;
      report.fail(name, error.message);
    }
  }
};

/** An entry's own name, or its number. */
export const named =
  (kind) =>
  ({ id }, n) =>
    typeof id === 'string' ? id : `${kind} ${n}`;
