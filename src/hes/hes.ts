import {
  type ExtendRequest,
  type HesPort,
  type LfaStatus,
  type MeasuredBootPort,
  type Measurement,
  PSA_ALG,
  type PsaReply,
} from '../abi/index.ts';
import { toHex } from '../bytes/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import { type Crypto, type PublicKey, sec1Point } from '../crypto/index.ts';
import { DIALECTS, type Dialect } from '../token/index.ts';
import type { Members, TraceSink } from '../trace/index.ts';
import { hashNameOf } from './boot-state.ts';
import { createPlatformToken, delegateKey, signWithDak } from './delegated-attestation.ts';
import { type DeviceParams, deviceParams } from './device.ts';
import type { FirmwareComponent, FirmwareSet } from './firmware-set.ts';
import type { Lcs } from './lifecycle.ts';
import { type ChipLog, type ChipOp, createLog, type LogEntry } from './log.ts';
import {
  activationError,
  type ChipRefusal,
  type ChipResult,
  nextGroup,
  nextLifecycle,
  nextReprovisioning,
  refused,
} from './operations.ts';
import { implementationId, instanceId, lifecycleClaim } from './platform-token.ts';
import { extendSlot, readSlot, type Slots } from './slots.ts';
import {
  type Chip,
  coldBoot,
  type DelegatedKey,
  type Epoch,
  type HesSeams,
  type HesState,
  newOtp,
  type Otp,
  type RefusedMeasurement,
} from './state.ts';
import { FIRST_AP_SLOT, METADATA_STYLES } from './sw-types.ts';
import { defaultSwitches, type HesSwitches } from './switches.ts';

export interface HesOptions {
  readonly crypto: Crypto;
  readonly firmware: FirmwareSet;
  /** The chip; see `DeviceParams`. */
  readonly device?: Partial<DeviceParams>;
  /** Default: `rmm-1.0`. */
  readonly dialect?: Dialect;
  readonly switches?: Partial<HesSwitches>;
  /** A chip that has run before, which goes on with a cold reset; a new one by default. */
  readonly chip?: ChipMemory | undefined;
  readonly seams?: HesSeams | undefined;
  readonly trace?: TraceSink | undefined;
}

/** What a chip remembers without power. */
export interface ChipMemory {
  readonly otp: Otp;
  readonly epoch: Epoch;
  readonly log: readonly LogEntry[];
}

/** What may be known of a HES from outside: no secret is among it. */
export interface HesStatus {
  readonly epoch: Epoch;
  /** Name of the firmware set. */
  readonly firmware: string;
  /** Undefined for a HES that serves files and was not given the key. */
  readonly cpak: PublicKey | undefined;
  /** The delegated key, once one was asked for. */
  readonly rak: PublicKey | undefined;
  readonly slots: Slots;
  /** Extensions that boot firmware asked for and HES refused, in order: boot stopped there. */
  readonly refused: readonly RefusedMeasurement[];
}

/** The same of a chip. */
export interface ChipStatus extends HesStatus {
  readonly lcs: Lcs;
  /** Claim 2395. */
  readonly lifecycle: number;
  readonly implementationId: Uint8Array;
  readonly instanceId: Uint8Array;
  readonly cpak: PublicKey;
}

/** What a fork gets of its own. */
export interface ForkPorts {
  readonly trace?: TraceSink | undefined;
  readonly crypto?: Crypto;
  readonly seams?: HesSeams;
}

/** A simulated HES. */
export interface Hes extends HesPort, MeasuredBootPort {
  status(): HesStatus;
  /** What stays when the power goes; undefined without a chip. */
  memory(): ChipMemory | undefined;
  /** Cold reset: slots and delegated key are gone, keys are derived and the firmware is measured again. */
  reset(firmware?: FirmwareSet): void;
  /**
   * The application processor starts again and HES does not: its firmware measures once more into slots that are
   * populated. RSE forbids it, since this is what comes of it (hes 6.3).
   */
  apReset(): void;
  /** A step of the life cycle, and the cold reset that it needs. In RMA the roots are overwritten, so the CPAK is gone. */
  setLifecycle(lcs: Lcs): ChipResult;
  /** Reprovisioning: more bits of OTP are set, and after the cold reset all keys are others. */
  rotateCpak(reprovisioningBits: number): ChipResult;
  /** A new GUK from a new seed, and a cold reset: the RAK is another. */
  rotateGuk(group: string): ChipResult;
  /** Live activation: the slot of the component is extended, or nothing changes. */
  activate(component: FirmwareComponent): LfaStatus;
  /** The same chip in the same state, on its own from here on. */
  fork(ports?: ForkPorts): Hes;
}

/** A chip that is simulated from its keys on. */
export interface ChipHes extends Hes {
  status(): ChipStatus;
  memory(): ChipMemory;
  fork(ports?: ForkPorts): ChipHes;
}

/** A chip in some state; `boot` measures the firmware, once its keys are derived. */
const run = (
  chip: Chip,
  initial: HesState,
  log: ChipLog,
  trace: TraceSink | undefined,
): { readonly hes: ChipHes; boot(): void } => {
  const { crypto } = chip;
  let state = initial;
  const thumbprint = (key: PublicKey): string => toHex(crypto.hash('sha-256').digest(coseKeyBytes(key)));
  const note = (op: ChipOp, result: string, rest: Partial<LogEntry> = {}): void =>
    log.add({ epoch: state.epoch, op, result, ...rest });
  const tell = (op: ChipOp, result: string, detail: Members): void =>
    trace?.({ type: 'hes.operation', op, detail, result });

  const extend = (request: ExtendRequest): PsaReply<undefined> => {
    const textOf = (slot: Measurement | undefined): string => (slot === undefined ? '' : toHex(slot.measurement_value));
    const from = textOf(state.slots[request.index]);
    const reply = extendSlot(crypto, state.slots, request, chip.switches);
    if (reply.status === 'PSA_SUCCESS') state = { ...state, slots: reply.value };
    const to = textOf(state.slots[request.index]);
    const { index: slot, sw_type: swType, version, lock_measurement: lock } = request;
    const [signerId, value] = [toHex(request.signer_id), toHex(request.measurement_value)];
    const alg = hashNameOf(request.measurement_algo);
    note('extend', reply.status, { slot, swType, version, signerId, alg, value, newSlotValue: to, lock });
    const detail = { ...request, signer_id: signerId, measurement_value: value };
    trace?.({ type: 'hes.extend', slot, detail, from, to, result: reply.status });
    return reply.status === 'PSA_SUCCESS' ? { status: reply.status, value: undefined } : reply;
  };

  const delegate = (request: Parameters<HesPort['getDelegatedKey']>[0]): PsaReply<DelegatedKey> => {
    const reply = delegateKey(chip, state, request);
    const given = reply.status === 'PSA_SUCCESS' ? reply.value : undefined;
    if (given !== undefined) state = { ...state, dak: given };
    note('getDelegatedKey', reply.status);
    trace?.({
      type: 'hes.delegated_key',
      detail: { ...request, thumbprint: given && thumbprint(given.publicKey) },
      result: reply.status,
    });
    return reply;
  };

  const service: MeasuredBootPort = {
    extendMeasurement: extend,
    readMeasurement: (request) => readSlot(state.slots, request),
  };
  const bootPort = chip.seams.measuredBoot?.(service) ?? service;

  /** What boot firmware does with each image it loads. */
  const measure = (component: FirmwareComponent): PsaReply<undefined> =>
    bootPort.extendMeasurement({
      index: component.slot,
      ...METADATA_STYLES[chip.switches.swTypeStyle](component),
      measurement_algo: PSA_ALG[component.algorithm],
      measurement_value: component.digest,
      lock_measurement: component.lock,
    });

  /** Measures until one is refused: whoever loads an image that is not measured does not start it. */
  const measureAll = (components: readonly FirmwareComponent[]): void => {
    for (const component of components) {
      const { status } = measure(component);
      if (status === 'PSA_SUCCESS') continue;
      state = { ...state, refused: [{ slot: component.slot, type: component.type, status }] };
      return;
    }
  };

  const activate = (component: FirmwareComponent): LfaStatus => {
    const { slot, type, version } = component;
    const error = activationError(state, component);
    const result = error ?? (measure(component).status === 'PSA_SUCCESS' ? 'LFA_SUCCESS' : 'LFA_ACTIVATION_FAILED');
    if (result === 'LFA_SUCCESS') {
      const { epoch, activated } = state;
      state = { ...state, epoch: { ...epoch, lfa: epoch.lfa + 1 }, activated: [...activated, component] };
    }
    note('activate', result, { slot, swType: type, version });
    tell('activate', result, { slot, type, version });
    return result;
  };

  const boot = (): void => {
    const { components, updates } = state.firmware;
    note('coldReset', 'PSA_SUCCESS', { says: `boots ${state.firmware.name}` });
    trace?.({
      type: 'hes.boot',
      epoch: state.epoch.boot,
      detail: {
        firmware: state.firmware.name,
        lcs: state.otp.lcs,
        lifecycle: lifecycleClaim(state),
        implementation_id: toHex(implementationId(chip)),
        instance_id: toHex(instanceId(chip, state)),
        cpak: thumbprint(state.cpak().publicKey),
        switches: { ...chip.switches },
      },
    });
    measureAll(components);
    if (state.refused.length === 0) for (const update of updates) activate(update);
  };

  const reset = (otp: Otp, firmware: FirmwareSet): void => {
    state = coldBoot(chip, otp, firmware, { boot: state.epoch.boot + 1, lfa: 0 });
    boot();
  };

  /** Burns what a step of the chip's life changes in OTP, and resets. */
  const step = (op: ChipOp, next: Otp | ChipRefusal, detail: Members, says: string): ChipResult => {
    const result = typeof next === 'string' ? next : 'PSA_SUCCESS';
    note(op, result, { says });
    tell(op, result, detail);
    if (typeof next === 'string') return refused(next);
    reset(next, state.firmware);
    return { ok: true };
  };

  const hes: ChipHes = {
    ...service,

    getDelegatedKey(request) {
      const reply = delegate(request);
      return reply.status === 'PSA_SUCCESS'
        ? { status: reply.status, value: Uint8Array.from(reply.value.privateKey.scalar) }
        : reply;
    },

    getDelegatedPublicKey(request) {
      const reply = delegate(request);
      return reply.status === 'PSA_SUCCESS' ? { status: reply.status, value: sec1Point(reply.value.publicKey) } : reply;
    },

    signWithDelegatedKey: (request) => signWithDak(chip, state, request),

    getPlatformToken(request) {
      const reply = createPlatformToken(chip, state, request);
      note('getPlatformToken', reply.status);
      trace?.({
        type: 'hes.platform_token',
        detail: {
          dak_pub_hash: request.dak_pub_hash && toHex(request.dak_pub_hash),
          token_size: reply.status === 'PSA_SUCCESS' ? reply.value.length : undefined,
        },
        result: reply.status,
      });
      return reply;
    },

    status: () => ({
      epoch: state.epoch,
      firmware: state.firmware.name,
      lcs: state.otp.lcs,
      lifecycle: lifecycleClaim(state),
      implementationId: implementationId(chip),
      instanceId: instanceId(chip, state),
      cpak: state.cpak().publicKey,
      rak: state.dak?.publicKey,
      slots: state.slots,
      refused: state.refused,
    }),

    memory: () => ({ otp: state.otp, epoch: state.epoch, log: [...log.entries] }),

    reset: (firmware = state.firmware) => reset(state.otp, firmware),

    apReset() {
      note('apReset', 'PSA_SUCCESS');
      tell('apReset', 'PSA_SUCCESS', {});
      state = { ...state, refused: [] };
      measureAll(state.firmware.components.filter(({ slot }) => slot >= FIRST_AP_SLOT));
    },

    setLifecycle: (lcs) => step('setLifecycle', nextLifecycle(state.otp, lcs), { lcs }, `to ${lcs}`),
    rotateCpak: (bits) =>
      step('rotateCpak', nextReprovisioning(state.otp, bits), { bits }, `reprovisioning bits ${bits.toString(2)}`),
    rotateGuk: (group) => step('rotateGuk', nextGroup(state.otp, group), {}, 'a new group key'),
    activate,

    fork: ({ trace: other, ...ports } = {}) => run({ ...chip, ...ports }, state, log.fork(), other).hes,
  };

  return { hes, boot };
};

/** Makes a chip and boots it: keys derived, firmware measured, no key delegated yet. */
export const createHes = (options: HesOptions): ChipHes => {
  const {
    crypto,
    firmware,
    device,
    dialect = DIALECTS['rmm-1.0'],
    switches,
    chip: before,
    seams = {},
    trace,
  } = options;
  const chip: Chip = {
    crypto,
    device: deviceParams(crypto, device),
    dialect,
    switches: { ...defaultSwitches(dialect), ...switches },
    seams,
  };
  const epoch: Epoch = { boot: before === undefined ? 0 : before.epoch.boot + 1, lfa: 0 };
  const state = coldBoot(chip, before?.otp ?? newOtp(chip, firmware), firmware, epoch);
  const { hes, boot } = run(chip, state, createLog(before?.log), trace);
  boot();
  return hes;
};
