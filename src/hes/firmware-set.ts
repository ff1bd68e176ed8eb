import type { HashName } from '../crypto/index.ts';
import type { DialectName } from '../token/index.ts';
import type { Lcs } from './lifecycle.ts';
import type { HesPresetName } from './preset.ts';
import type { HesSwitches } from './switches.ts';

/** One image as it is measured. */
export interface FirmwareComponent {
  readonly slot: number;
  /** Name of its role in the style of sample tokens; `swTypeStyle` may translate it. */
  readonly type: string;
  readonly version: string;
  /** Hash of its signer's public key, 32 to 64 bytes. */
  readonly signerId: Uint8Array;
  /** Hashes of the keys that signed it besides, 32, 48 or 64 bytes each: claimed from the 2024 profile on. */
  readonly countersigners?: readonly Uint8Array[] | undefined;
  /** Whether it may be replaced without a reset, if its maker says: claimed from the 2024 profile on. */
  readonly liveActivation?: boolean | undefined;
  readonly algorithm: HashName;
  /** Digest of the image under `algorithm`. */
  readonly digest: Uint8Array;
  /** Whether the slot is locked once it is measured. */
  readonly lock: boolean;
}

/** What a set asks for unless its user says otherwise. */
export interface FirmwareDefaults extends Partial<HesSwitches> {
  readonly dialect?: DialectName;
  readonly hes?: HesPresetName;
}

/** What happens to a platform while it runs. */
export interface FirmwareStep {
  /** When the RMM has booted, with the key and the platform token that it keeps. */
  readonly after: 'rmm-boot';
  /** What is activated live then. */
  readonly activate: FirmwareComponent;
}

/** What a chip boots, and in which state of its life. */
export interface FirmwareSet {
  readonly name: string;
  /** What there is to know about it, for people. */
  readonly summary: string;
  /** The life-cycle state in which a chip is made that boots this; one that is further stays there. */
  readonly lcs: Lcs;
  /** A lifecycle claim that the life-cycle state does not yield: no known firmware emits such a token. */
  readonly lifecycle?: number | undefined;
  /** Debug control bits, 16 bytes. */
  readonly dcu: Uint8Array;
  /** SHA-256 of the BL1_2 image. */
  readonly bl12Hash: Uint8Array;
  /** In the order in which they are measured. */
  readonly components: readonly FirmwareComponent[];
  /** What was activated live after that, before the RMM asked for its key. */
  readonly updates: readonly FirmwareComponent[];
  /** What happens later, in order. */
  readonly script?: readonly FirmwareStep[] | undefined;
  readonly defaults: FirmwareDefaults;
}
