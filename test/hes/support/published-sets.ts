import { fromHex, hex, toHex, utf8 } from '../../../src/bytes/index.ts';
import type { HashName } from '../../../src/crypto/index.ts';
import { nodeCrypto as crypto } from '../../../src/crypto/node.ts';
import {
  createHes,
  type DeviceParams,
  type FirmwareComponent,
  type FirmwareSet,
  LCS,
  type Lcs,
} from '../../../src/hes/index.ts';
import vectors from '../../vectors/hes-firmware-fixtures.json' with { type: 'json' };

export type PublishedSet = (typeof vectors.sets)[number];
export const publishedSets: readonly PublishedSet[] = vectors.sets;

/** The device parameters under which the published figures were computed. */
export const publishedDevice: Partial<DeviceParams> = {
  labelPrefix: vectors.label_prefix,
  seed: vectors.device.seed,
  implementationId: hex(vectors.device.implementation_id),
  verificationService: vectors.verification_service,
  adac: true,
  rmaErasesKeys: false,
};

const imageDigest = (type: string, version: string, tampered: boolean): Uint8Array => {
  const image = utf8(`cca-emu-fw|${type}|${version}\n`).slice();
  if (tampered) image[0] = (image[0] ?? 0) ^ 1;
  return crypto.hash('sha-256').digest(image);
};

const lcsOf = (otp: number): Lcs => (Object.keys(LCS) as Lcs[]).find((name) => LCS[name].otp === otp) ?? 'CM';

/** A published set as a firmware set, digests taken from image bytes made anew by the published rule. */
export const firmwareOf = (set: PublishedSet): FirmwareSet => {
  const components: FirmwareComponent[] = [];
  const updates: FirmwareComponent[] = [];
  for (const component of set.components) {
    const signers: Record<string, string> = vectors.signers;
    const update = 'lfa_update' in component ? component.lfa_update : undefined;
    // A component that was activated live stands in the figures with empty metadata: it was the RMM, 1.0.0.
    const type = update ? 'RMM' : component.sw_type;
    const version = update ? '1.0.0' : component.version;
    const tampered = set.name === 'tampered-bl31' && type === 'AP_BL31';
    const measured: FirmwareComponent = {
      slot: component.slot,
      type,
      version,
      signerId: hex(signers[component.signer] ?? ''),
      algorithm: component.alg as HashName,
      digest: imageDigest(type, version, tampered),
      lock: false,
    };
    if (toHex(measured.digest) !== component.image_sha256) throw new Error(`${set.name}: image of ${type} differs`);
    components.push(measured);
    if (update) {
      updates.push({ ...measured, version: update.version, digest: fromHex(update.image_sha256) ?? new Uint8Array() });
    }
  }
  return {
    name: set.name,
    summary: '',
    lcs: lcsOf(set.otp_lcs),
    lifecycle: set.lifecycle_claim,
    dcu: hex(set.dcu_enabled),
    bl12Hash: components[0]?.digest ?? new Uint8Array(),
    components,
    updates,
    defaults: {},
  };
};

export const publishedHes = (name: string) => {
  const set = publishedSets.find((each) => each.name === name);
  if (set === undefined) throw new Error(name);
  return createHes({ crypto, firmware: firmwareOf(set), device: publishedDevice });
};
