import { el3CallOf, functionId, type HesPort } from '../abi/index.ts';
import { toHex, utf8 } from '../bytes/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import { type Crypto, type Entropy, seededEntropy } from '../crypto/index.ts';
import type { El3 } from '../el3/index.ts';
import {
  createFaultSession,
  type FaultPorts,
  type FaultSession,
  faultyBootArguments,
  faultyClaims,
  faultyCrypto,
  faultyEntropy,
  faultyHes,
  faultyMeasuredBoot,
  faultySmc,
  type SharedPage,
} from '../fault/index.ts';
import { createHes, createStaticHes, type Hes, type HesSeams, type StaticFiles } from '../hes/index.ts';
import type { PhysicalMemory } from '../machine/index.ts';
import type { RmmPorts } from '../rmm/index.ts';
import type { Registers, TraceSink } from '../trace/index.ts';
import type { PlatformConfig } from './config.ts';

/** What connects the parts of one machine, with the faults of its plan in between where it has one. */
export interface Wires {
  readonly hes: Hes;
  /** HES as EL3 reaches it. */
  readonly hesPort: HesPort;
  readonly entropy: Entropy;
  readonly faults: FaultSession | undefined;
  readonly trace: TraceSink | undefined;
  rmmPorts(el3: El3, memory: PhysicalMemory): Omit<RmmPorts, 'pendingInterrupt'>;
  /** X0 to X4 with which EL3 enters the RMM. */
  bootArguments(el3: El3, memory: PhysicalMemory): Registers;
  /** The same around a fork of the chip. */
  fork(trace: TraceSink | undefined): Wires;
}

interface WireOptions {
  readonly config: PlatformConfig;
  readonly crypto: Crypto;
  readonly trace: TraceSink | undefined;
  readonly hesFiles: StaticFiles | undefined;
  readonly hesPort: HesPort | undefined;
}

/** What a trace may tell of files that hold a key. */
export const fingerprintOf = (crypto: Crypto, { rak, platformToken }: StaticFiles) => {
  const { digest } = crypto.hash('sha-256');
  const key = crypto.publicKey({ curve: 'P-384', scalar: rak });
  return {
    rak: key === undefined ? '' : toHex(digest(coseKeyBytes(key))),
    platformToken: toHex(digest(platformToken)),
  };
};

const callEl3 =
  (el3: El3, trace: TraceSink | undefined) =>
  (x: Registers, cpu = 0): Registers => {
    const result = el3.rmmSmc(x, cpu);
    trace?.({ type: 'el3.call', call: el3CallOf(functionId(x[0] ?? 0n) ?? 0) ?? 'unknown', x, result });
    return result;
  };

/** Another chip of the same group that boots the same firmware under the same rules. */
const otherChip =
  ({ config, crypto }: WireOptions) =>
  (seed: string): HesPort => {
    const { device, firmware, dialect, hes } = config;
    const group = device.group ?? device.seed;
    return createHes({ crypto, firmware, device: { ...device, seed, group }, dialect, switches: hes });
  };

const seamsOf = (ports: FaultPorts): HesSeams => ({
  claims: (payload) => faultyClaims(ports, payload),
  measuredBoot: (port) => faultyMeasuredBoot(ports, port),
});

const wiresOf = (o: WireOptions, hes: Hes, ports: FaultPorts | undefined): Wires => {
  const { config, crypto, trace } = o;
  const entropy = seededEntropy(crypto, utf8(`swcca/platform/${config.device.seed}`));
  const plainPort = o.hesPort ?? hes;
  const pageOf = (el3: El3, memory: PhysicalMemory): SharedPage => ({ memory, pa: el3.sharedBuffer });
  return {
    hes,
    hesPort: ports === undefined ? plainPort : faultyHes(ports, plainPort),
    entropy,
    faults: ports?.session,
    trace,
    rmmPorts: (el3, memory) => {
      const smc = callEl3(el3, trace);
      const drawn = entropy.fork('rmm');
      return ports === undefined
        ? { memory, crypto, entropy: drawn, smc, trace }
        : {
            memory,
            crypto: faultyCrypto(ports, 'rmm', crypto),
            entropy: faultyEntropy(ports, drawn),
            smc: faultySmc(ports, pageOf(el3, memory), smc),
            trace,
          };
    },
    bootArguments: (el3, memory) => {
      const args = el3.bootArguments();
      return ports === undefined ? args : faultyBootArguments(ports, pageOf(el3, memory), args);
    },
    fork: (sink) => {
      const options = { ...o, trace: sink };
      if (ports === undefined) return wiresOf(options, hes.fork({ trace: sink }), undefined);
      let forked: Hes | undefined;
      const own: FaultPorts = { ...ports, session: ports.session.fork(sink), chip: () => forked };
      forked = hes.fork({ trace: sink, crypto: faultyCrypto(own, 'hes', crypto), seams: seamsOf(own) });
      return wiresOf(options, forked, own);
    },
  };
};

/** Makes HES, which boots, and what leads to and from it. */
export const createWires = (o: WireOptions): Wires => {
  const { config, crypto, trace, hesFiles: files } = o;
  const { firmware, device, dialect, hes: switches, chip, faults } = config;
  let hes: Hes | undefined;
  const ports: FaultPorts | undefined = faults && {
    session: createFaultSession(faults, trace),
    crypto,
    chip: () => hes,
    otherChip: otherChip(o),
  };
  const own = ports === undefined ? { crypto } : { crypto: faultyCrypto(ports, 'hes', crypto), seams: seamsOf(ports) };
  hes =
    files === undefined
      ? createHes({ ...own, firmware, device, dialect, switches, chip, trace })
      : createStaticHes({ crypto, files, trace });
  return wiresOf(o, hes, ports);
};
