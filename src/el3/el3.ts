import {
  E_RMM,
  EL3_FIDS,
  EL3_INTERFACE_VERSIONS,
  type El3Call,
  type ERmm,
  el3CallOf,
  functionId,
  type HesPort,
  RMI_RANGES,
  RMI_RESULTS,
  RMM_BOOT,
  RMM_EL3_FEAT_REG_0,
  SMCCC_NOT_SUPPORTED,
} from '../abi/index.ts';
import { Bug } from '../bytes/index.ts';
import type { PhysicalMemory } from '../machine/index.ts';
import type { Registers, TraceSink } from '../trace/index.ts';
import { type AttestationContext, getPlatToken, getRealmKey, type Serving } from './attestation.ts';
import { bootManifest } from './boot-manifest.ts';
import { DEFAULT_EL3_CONFIG, type El3Config, el3ConfigProblems, offers } from './config.ts';
import { changeGpt, moveGranule } from './gpt.ts';
import { type IdeAnswer, type IdeState, idePull, ideRequest, NO_IDE } from './ide.ts';
import { refreshMec } from './mec.ts';
import { reserveMemory, reservePool } from './reserve.ts';
import { sharedBufferPa } from './shared-buffer.ts';
import { type SignQueue, tokenSign } from './token-sign.ts';

/** What the monitor works on: given anew to each fork. */
export interface El3Ports {
  readonly memory: PhysicalMemory;
  readonly hes: HesPort;
  readonly trace?: TraceSink | undefined;
}

export interface El3Options extends El3Ports {
  /** PA of the page shared with the RMM; by default `sharedBufferPa` of the machine's profile. */
  readonly sharedBuffer?: bigint;
  readonly config?: Partial<El3Config>;
}

/** All that a monitor remembers, as one immutable value. */
export interface El3State {
  /** X1 of the RMM_BOOT_COMPLETE that reported a failure; 0 while none did. */
  readonly bootFailure: bigint;
  /** X2 of RMM_BOOT_COMPLETE, for each CPU. */
  readonly activationTokens: ReadonlyMap<number, bigint>;
  readonly serving: Serving;
  /** Realm tokens to be signed, oldest first. */
  readonly signQueue: SignQueue;
  readonly ide: IdeState;
  /** Bytes of the reserve that are given away. */
  readonly reserved: bigint;
}

/** Where an SMC of the Host goes: to the RMM with these registers, or straight back. */
export type HostRoute = { readonly to: 'rmm'; readonly x: Registers } | { readonly to: 'host'; readonly x: Registers };

/** The monitor, as RMM and Host meet it through SMCs. */
export interface El3 {
  readonly config: El3Config;
  /** PA of the page shared with the RMM. */
  readonly sharedBuffer: bigint;
  readonly state: El3State;
  /** Writes the boot manifest to the shared page and gives X0 to X4 of a cold boot (rmm-el3 2.1). */
  bootArguments(): bigint[];
  /** Boot stopped before the RMM: whatever is meant for it is unknown from here on. */
  abandonRmm(): void;
  /** X0 to X3 of a warm boot (rmm-el3 2.2). */
  warmBootArguments(cpu: number): bigint[];
  /**
   * An SMC of the RMM: X0 on, as far as it is given.
   *
   * @returns X0 on; empty for RMM_BOOT_COMPLETE, from which control does not come back by itself.
   */
  rmmSmc(x: Registers, cpu?: number): bigint[];
  hostSmc(x: Registers): HostRoute;
  /** What the Host sees in X0 on, when the RMM ends a command by RMM_RMI_REQ_COMPLETE with `x`. */
  rmiReturn(x: Registers): bigint[];
  /** The same monitor on other memory and another HES, which are forks of this one's. */
  fork(ports: El3Ports): El3;
}

const NOTHING_SAID: El3State = {
  bootFailure: 0n,
  activationTokens: new Map(),
  serving: undefined,
  signQueue: [],
  ide: NO_IDE,
  reserved: 0n,
};

const x0 = (status: ERmm): bigint => BigInt.asUintN(64, E_RMM[status]);

const monitor = (ports: El3Ports, config: El3Config, sharedBuffer: bigint, initial: El3State): El3 => {
  const { memory, hes, trace } = ports;
  const context: AttestationContext = { memory, hes, config, page: sharedBuffer };
  const pool = reservePool(memory.profile, sharedBuffer, config.reserve);
  const rmiRanges = RMI_RANGES.filter(({ since }) => offers(config, since));
  const { count: resultCount } = RMI_RESULTS.findLast(({ since }) => offers(config, since)) ?? RMI_RESULTS[0];
  let state = initial;

  const ofIde = ({ x, state: ide }: IdeAnswer): bigint[] => {
    state = { ...state, ide };
    return x.map((value) => (typeof value === 'bigint' ? value : x0(value)));
  };

  // RMM_RMI_REQ_COMPLETE is a switch of worlds: `rmiReturn` does it.
  const handlers: {
    readonly [C in Exclude<El3Call, 'RMM_RMI_REQ_COMPLETE'>]: (x: (index: number) => bigint, cpu: number) => bigint[];
  } = {
    RMM_GTSI_DELEGATE: (x) => [x0(changeGpt(memory, x(1), 'GPT_NS', 'GPT_REALM', trace))],
    RMM_GTSI_UNDELEGATE: (x) => [x0(changeGpt(memory, x(1), 'GPT_REALM', 'GPT_NS', trace))],
    RMM_ATTEST_GET_REALM_KEY: (x) => {
      const { status, keyLength } = getRealmKey(context, x(1), x(2), x(3));
      return [x0(status), keyLength];
    },
    RMM_ATTEST_GET_PLAT_TOKEN: (x) => {
      const { status, hunkLength, remaining, serving } = getPlatToken(context, state.serving, x(1), x(2), x(3));
      state = { ...state, serving };
      return [x0(status), hunkLength, remaining];
    },
    RMM_EL3_FEATURES: (x) =>
      x(1) === 0n ? [x0('E_RMM_OK'), config.tokenSign ? RMM_EL3_FEAT_REG_0.TOKEN_SIGN : 0n] : [x0('E_RMM_INVAL'), 0n],
    RMM_EL3_TOKEN_SIGN: (x) => {
      if (!config.tokenSign) return [x0('E_RMM_UNK')];
      const { status, length, queue } = tokenSign(context, state.signQueue, x(1), x(2), x(3), x(4));
      state = { ...state, signQueue: queue };
      return [x0(status), length];
    },
    RMM_MEC_REFRESH: (x) => [x0(refreshMec(config, x(1)))],
    RMM_IDE_KEY_PROG: (x) => ofIde(ideRequest(config, state.ide, 'RMM_IDE_KEY_PROG', x)),
    RMM_IDE_KEY_SET_GO: (x) => ofIde(ideRequest(config, state.ide, 'RMM_IDE_KEY_SET_GO', x)),
    RMM_IDE_KEY_SET_STOP: (x) => ofIde(ideRequest(config, state.ide, 'RMM_IDE_KEY_SET_STOP', x)),
    RMM_IDE_KM_PULL_RESPONSE: (x) => ofIde(idePull(config, state.ide, x)),
    RMM_RESERVE_MEMORY: (x) => {
      const { status, address, next } = reserveMemory(pool, state.reserved, x(1), x(2));
      state = { ...state, reserved: next };
      if (status === 'E_RMM_OK') {
        const first = address & ~0xfffn;
        for (let pa = first; pa < address + x(1); pa += 0x1000n) {
          if (memory.gpt(pa) !== 'GPT_REALM') moveGranule(memory, pa, 'GPT_REALM', trace);
        }
      }
      return [x0(status), address];
    },
    RMM_BOOT_COMPLETE: (x, cpu) => {
      const activationTokens = new Map(state.activationTokens).set(cpu, x(2));
      state = { ...state, activationTokens, bootFailure: x(1) };
      return [];
    },
  };

  const booted = (): boolean => state.bootFailure === RMM_BOOT.E_RMM_BOOT_SUCCESS;

  return {
    config,
    sharedBuffer,
    get state() {
      return state;
    },
    bootArguments() {
      memory.setPage(sharedBuffer, bootManifest(memory.profile, sharedBuffer, config.manifestVersion));
      const version = EL3_INTERFACE_VERSIONS[config.interfaceVersion];
      return [0n, version, BigInt(config.cpus), sharedBuffer, state.activationTokens.get(0) ?? 0n];
    },
    abandonRmm() {
      state = { ...state, bootFailure: RMM_BOOT.E_RMM_BOOT_UNKNOWN };
    },
    warmBootArguments: (cpu) => [BigInt(cpu), state.activationTokens.get(cpu) ?? 0n, 0n, 0n],
    rmmSmc(x, cpu = 0) {
      const call = el3CallOf(functionId(x[0] ?? 0n) ?? 0);
      const handler = call && call !== 'RMM_RMI_REQ_COMPLETE' ? handlers[call] : undefined;
      if (!booted() || handler === undefined || !offers(config, EL3_FIDS[call as El3Call].since))
        return [x0('E_RMM_UNK')];
      return handler((index) => x[index] ?? 0n, cpu);
    },
    hostSmc(x) {
      const fid = functionId(x[0] ?? 0n);
      const isRmi = fid !== undefined && rmiRanges.some(({ first, last }) => fid >= first && fid <= last);
      if (!isRmi || !booted()) return { to: 'host', x: [SMCCC_NOT_SUPPORTED] };
      return { to: 'rmm', x: x.with(0, BigInt(fid)) };
    },
    rmiReturn(x) {
      const results = new Array<bigint>(resultCount);
      for (let i = 0; i < resultCount; i += 1) results[i] = x[i + 1] ?? 0n;
      return results;
    },
    fork: (other) => monitor(other, config, sharedBuffer, state),
  };
};

/**
 * Starts a monitor: takes the shared page out of every world's reach but the Realm's.
 *
 * @throws {Bug} on a machine that has no place for it: whoever takes a profile from outside asks `el3Problems` first.
 */
export const createEl3 = ({ memory, hes, trace, sharedBuffer, config }: El3Options): El3 => {
  const page = sharedBuffer ?? sharedBufferPa(memory.profile);
  if (page === undefined) throw new Bug('EL3: no granule is left for the buffer shared with the RMM');
  const whole = { ...DEFAULT_EL3_CONFIG, ...config };
  const [problem] = el3ConfigProblems(whole);
  if (problem !== undefined) throw new Bug(`EL3: ${problem}`);
  moveGranule(memory, page, 'GPT_REALM', trace);
  return monitor({ memory, hes, trace }, whole, page, NOTHING_SAID);
};
