import { Bug, concatBytes, toHex, utf8 } from '../bytes/index.ts';
import type { Crypto } from '../crypto/index.ts';
import { ISLET_ROOTS } from './islet-constants.ts';

/** Test and production modes of a chip, as the boot state hash takes them (hes 1.3). */
export const TP_MODES = { VIRGIN: 0x0000_33cc, TCI: 0x1111_55aa, PCI: 0x2222_aa55 } as const;
export type TpMode = keyof typeof TP_MODES;

/** What makes a chip this chip, apart from its firmware. */
export interface DeviceParams {
  /** Whether its roots come from seeds, or are the constants that Islet publishes. */
  readonly roots: 'seeded' | 'islet';
  /** Where labels of the roots begin. */
  readonly labelPrefix: string;
  /** The chip: its HUK comes from this. */
  readonly seed: string;
  /** The group of chips that share a GUK and an implementation id; by default the chip alone. */
  readonly group: string;
  /** Claim 2396, 32 bytes; by default one that says that it is simulated. */
  readonly implementationId: Uint8Array;
  /** Claim 2400. */
  readonly verificationService: string;
  /** Claim 2401; by default the map of the debug control bits that RSE writes (hes 4.1). */
  readonly config?: Uint8Array | undefined;
  readonly tpMode: TpMode;
  readonly reprovisioningBits: number;
  /** Whether BL1 was built with ADAC secure debug: the debug control bits then enter the seed of the RAK (hes 1.3). */
  readonly adac: boolean;
  /** Whether the life-cycle manager overwrites the roots with ones when the chip enters RMA. */
  readonly rmaErasesKeys: boolean;
}

/** First bytes of every implementation id of ours: evidence from here must never pass for the real thing. */
export const SIMULATED_MARK = 'SWCCA-SIMULATED-';

/** What claim 2400 says by default: a name that never resolves (RFC 2606 2). */
export const SIMULATED_SERVICE = 'https://swcca.invalid/';

/** `SHA-256(prefix hes/v1/name ‖ 00 ‖ seed)` (hes 6.2). */
const root = (crypto: Crypto, prefix: string, name: string, seed: string): Uint8Array =>
  crypto.hash('sha-256').digest(concatBytes(utf8(`${prefix}hes/v1/${name}`), Uint8Array.of(0), utf8(seed)));

/** A chip by its seed, with some parameters replaced. */
export const deviceParams = (crypto: Crypto, changes: Partial<DeviceParams> = {}): DeviceParams => {
  const { labelPrefix = 'swcca/', seed = 'swcca', group = seed } = changes;
  const tail = root(crypto, labelPrefix, 'implementation-id', group).subarray(0, 32 - SIMULATED_MARK.length);
  const device: DeviceParams = {
    roots: 'seeded',
    implementationId: concatBytes(utf8(SIMULATED_MARK), tail),
    verificationService: SIMULATED_SERVICE,
    tpMode: 'PCI',
    reprovisioningBits: 0,
    adac: true,
    rmaErasesKeys: true,
    ...changes,
    labelPrefix,
    seed,
    group,
  };
  if (device.implementationId.length !== 32) throw new Bug(`implementation id ${toHex(device.implementationId)}`);
  return device;
};

/** The two secrets in hardware: of the chip and of its group. */
export interface Roots {
  readonly huk: Uint8Array;
  readonly guk: Uint8Array;
}

/** @param group  the seed of the GUK as it is now: rotation changes it. */
export const deviceRoots = (crypto: Crypto, device: DeviceParams, group: string = device.group): Roots =>
  device.roots === 'islet'
    ? ISLET_ROOTS
    : {
        huk: root(crypto, device.labelPrefix, 'huk', device.seed),
        guk: root(crypto, device.labelPrefix, 'guk', group),
      };

/** What the life-cycle manager leaves of the roots in RMA. */
export const ERASED_ROOTS: Roots = { huk: new Uint8Array(32).fill(0xff), guk: new Uint8Array(32).fill(0xff) };
