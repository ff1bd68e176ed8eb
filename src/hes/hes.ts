import { type HesPort, type MeasuredBootPort, type Measurement, PSA_ALG, type PsaError } from '../abi/index.ts';
import { toHex } from '../bytes/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import type { Crypto, PublicKey } from '../crypto/index.ts';
import { DIALECTS, type Dialect } from '../token/index.ts';
import type { TraceSink } from '../trace/index.ts';
import { createPlatformToken, delegateKey } from './delegated-attestation.ts';
import { type DeviceParams, deviceParams } from './device.ts';
import type { FirmwareComponent, FirmwareSet } from './firmware-set.ts';
import type { Lcs } from './lifecycle.ts';
import { implementationId, instanceId, lifecycleClaim, SERVICE_HASH } from './platform-token.ts';
import { extendSlot, readSlot } from './slots.ts';
import { type Chip, coldBoot, type Epoch, type HesState } from './state.ts';
import { SW_TYPES } from './sw-types.ts';
import { defaultSwitches, type HesSwitches } from './switches.ts';

export interface HesOptions {
  readonly crypto: Crypto;
  readonly firmware: FirmwareSet;
  /** The chip; see `DeviceParams`. */
  readonly device?: Partial<DeviceParams>;
  /** Default: `rmm-1.0`. */
  readonly dialect?: Dialect;
  readonly switches?: Partial<HesSwitches>;
  readonly trace?: TraceSink | undefined;
}

/** What may be known of a chip from outside: no secret is among it. */
export interface HesStatus {
  readonly epoch: Epoch;
  /** Name of the firmware set. */
  readonly firmware: string;
  readonly lcs: Lcs;
  /** Claim 2395. */
  readonly lifecycle: number;
  readonly implementationId: Uint8Array;
  readonly instanceId: Uint8Array;
  readonly cpak: PublicKey;
  /** The delegated key, once one was asked for. */
  readonly rak: PublicKey | undefined;
  readonly slots: readonly (Measurement | undefined)[];
  /** Extensions that boot firmware asked for and HES refused, in order. */
  readonly refused: readonly { readonly slot: number; readonly status: PsaError }[];
}

/** A simulated HES. */
export interface Hes extends HesPort, MeasuredBootPort {
  status(): HesStatus;
  /** Cold reset: slots and delegated key are gone, keys are derived and the firmware is measured again. */
  reset(firmware?: FirmwareSet): void;
  /** The same chip in the same state, on its own from here on. */
  fork(trace?: TraceSink): Hes;
}

/** A chip in some state; `boot` measures the firmware, once its keys are derived. */
const run = (chip: Chip, initial: HesState, trace: TraceSink | undefined): { readonly hes: Hes; boot(): void } => {
  let state = initial;
  const thumbprint = (key: PublicKey): string => toHex(chip.crypto.hash('sha-256').digest(coseKeyBytes(key)));

  const hes: Hes = {
    getDelegatedKey(request) {
      const reply = delegateKey(chip, state, request);
      const given = reply.status === 'PSA_SUCCESS' ? reply.value : undefined;
      if (given !== undefined) state = { ...state, dak: given };
      trace?.({
        type: 'hes.delegated_key',
        detail: { ...request, thumbprint: given && thumbprint(given.publicKey) },
        result: reply.status,
      });
      return reply.status === 'PSA_SUCCESS'
        ? { status: reply.status, value: Uint8Array.from(reply.value.privateKey.scalar) }
        : reply;
    },

    getPlatformToken(request) {
      const reply = createPlatformToken(chip, state, request);
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

    extendMeasurement(request) {
      const from = state.slots[request.index]?.measurement_value ?? new Uint8Array();
      const reply = extendSlot(chip.crypto.hash(SERVICE_HASH), state.slots, request, chip.switches.extendMetadata);
      if (reply.status === 'PSA_SUCCESS') state = { ...state, slots: reply.value };
      trace?.({
        type: 'hes.extend',
        slot: request.index,
        detail: {
          ...request,
          signer_id: toHex(request.signer_id),
          measurement_value: toHex(request.measurement_value),
        },
        from: toHex(from),
        to: toHex(state.slots[request.index]?.measurement_value ?? new Uint8Array()),
        result: reply.status,
      });
      return reply.status === 'PSA_SUCCESS' ? { status: reply.status, value: undefined } : reply;
    },

    readMeasurement: (request) => readSlot(state.slots, request),

    status: () => ({
      epoch: state.epoch,
      firmware: state.firmware.name,
      lcs: state.firmware.lcs,
      lifecycle: lifecycleClaim(state),
      implementationId: implementationId(chip),
      instanceId: instanceId(chip, state),
      cpak: state.cpak().publicKey,
      rak: state.dak?.publicKey,
      slots: state.slots,
      refused: state.refused,
    }),

    reset(firmware = state.firmware) {
      state = coldBoot(chip, firmware, { boot: state.epoch.boot + 1, lfa: 0 });
      boot();
    },

    fork: (other) => run(chip, state, other).hes,
  };

  const bootDetail = () => ({
    firmware: state.firmware.name,
    lcs: state.firmware.lcs,
    lifecycle: lifecycleClaim(state),
    implementation_id: toHex(implementationId(chip)),
    instance_id: toHex(instanceId(chip, state)),
    cpak: thumbprint(state.cpak().publicKey),
    switches: { ...chip.switches },
  });

  /** What boot firmware does with each image it loads. */
  const measure = (component: FirmwareComponent): void => {
    const { status } = hes.extendMeasurement({
      index: component.slot,
      signer_id: component.signerId,
      version: component.version,
      measurement_algo: PSA_ALG[component.algorithm],
      sw_type: SW_TYPES[chip.switches.swTypeStyle](component),
      measurement_value: component.digest,
      lock_measurement: component.lock,
    });
    if (status !== 'PSA_SUCCESS') state = { ...state, refused: [...state.refused, { slot: component.slot, status }] };
  };

  const boot = (): void => {
    const { components, updates } = state.firmware;
    trace?.({ type: 'hes.boot', epoch: state.epoch.boot, detail: bootDetail() });
    for (const component of components) measure(component);
    for (const update of updates) {
      measure(update);
      state = { ...state, epoch: { ...state.epoch, lfa: state.epoch.lfa + 1 } };
    }
  };

  return { hes, boot };
};

/** Makes a chip and boots it: keys derived, firmware measured, no key delegated yet. */
export const createHes = ({
  crypto,
  firmware,
  device,
  dialect = DIALECTS['rmm-1.0'],
  switches,
  trace,
}: HesOptions): Hes => {
  const chip: Chip = {
    crypto,
    device: deviceParams(crypto, device),
    dialect,
    switches: { ...defaultSwitches(dialect), ...switches },
  };
  const { hes, boot } = run(chip, coldBoot(chip, firmware, { boot: 0, lfa: 0 }), trace);
  boot();
  return hes;
};
