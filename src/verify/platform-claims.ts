import type { CborItem } from '../cbor/index.ts';
import { type ClaimsOf, claim, type Presence, readClaims } from './claims.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { type Place, tellAt, within } from './layer.ts';
import { lifecycleStateOf } from './lifecycle.ts';
import type { PlatformGeneration } from './profiles.ts';
import {
  arrayOf,
  bool,
  bytes,
  digest,
  isHashName,
  mapItem,
  member,
  oneOf,
  type Reader,
  shown,
  text,
  ueid,
  uint,
} from './readers.ts';

const IMPLEMENTATION_ID_SIZE = 32;
/** The only client that asks for a CCA platform token: the Realm Management Security Domain. */
const CLIENT_RMSD = 1;

const LABEL = VERIFY_CLAIM_LABELS.platform;
const COMPONENT = VERIFY_CLAIM_LABELS.component;

const ALWAYS = { '1': 'M', '2024': 'M', '2026': 'M' } as const;
const MAYBE = { '1': 'O', '2024': 'O', '2026': 'O' } as const;
const FROM_2024 = { '1': '-', '2024': 'O', '2026': 'O' } as const;

const lifecycle: Reader<number> = (item, place) => {
  const value = uint(item, place);
  if (value === undefined) return undefined;
  if (lifecycleStateOf(value) !== undefined) return Number(value);
  tellAt(place, item, 'LIFECYCLE_UNDEFINED', { found: `0x${value.toString(16)}` });
  return undefined;
};

const platformHash: Reader<string> = (item, place) => {
  const name = text(item, place);
  if (name !== undefined && !isHashName(name)) tellAt(place, item, 'PLATFORM_HASH_UNKNOWN', { found: shown(name) });
  return name;
};

const COMPONENT_CLAIMS = {
  component_type: claim(COMPONENT.component_type, text, MAYBE),
  measurement_value: claim(COMPONENT.measurement_value, digest, ALWAYS),
  version: claim(COMPONENT.version, text, MAYBE),
  signer_id: claim(COMPONENT.signer_id, digest, ALWAYS),
  // Old images put a description here, so that no value can be held against it.
  hash_algo_id: claim(COMPONENT.hash_algo_id, text, MAYBE),
  live_activation: claim(COMPONENT.live_activation, bool, FROM_2024),
  countersigner_ids: claim(COMPONENT.countersigner_ids, arrayOf(digest), FROM_2024),
} as const;
export type Component = ClaimsOf<typeof COMPONENT_CLAIMS>;

const component = (item: CborItem, place: Place, generation: PlatformGeneration): Component | undefined => {
  const map = mapItem(item, place);
  if (map === undefined) return undefined;
  for (const { key } of map.entries) {
    if (key.type !== 'uint' && key.type !== 'nint') tellAt(place, key, 'COMPONENT_KEY_TYPE', { found: key.type });
  }
  const reserved = member(map, COMPONENT.reserved);
  if (reserved !== undefined) tellAt(within(place, COMPONENT.reserved), reserved, 'COMPONENT_KEY_RESERVED');
  if (member(map, COMPONENT.component_type) === undefined) tellAt(place, map, 'COMPONENT_TYPE_MISSING');
  return readClaims(map, COMPONENT_CLAIMS, generation, place);
};

const components = (item: CborItem, place: Place, generation: PlatformGeneration): readonly Component[] | undefined => {
  if (item.type === 'array' && item.items.length === 0) {
    tellAt(place, item, 'COMPONENTS_EMPTY');
    return undefined;
  }
  return arrayOf((each, at) => component(each, at, generation))(item, place);
};

const DEVICE = {
  hash_algo_id: 1,
  measurement: 2,
  certificates: 3,
  ide: 4,
  protocol: 5,
  vca: 6,
  type: 7,
  encryption: 8,
};
/** Protocols whose negotiation digest is mandatory, as it is forbidden for all others. */
const SPDM = /^spdm-1\.(2\.[0-3]|3\.[0-2]|4\.0)$/;
const CXL_MEMORY = 'cxl-type-3';

/**
 * One extension device. Key 7 is in the drafts and not in RMM 2.0 beta, under one profile string: both are read.
 */
const extensionDevice: Reader<Readonly<Record<string, unknown>>> = (item, place) => {
  const map = mapItem(item, place);
  if (map === undefined) return undefined;
  const protocol = member(map, DEVICE.protocol);
  const type = member(map, DEVICE.type);
  const ifSo = (holds: boolean): Presence => (holds ? 'M' : 'X');
  const isSpdm = protocol?.type === 'text' && SPDM.test(protocol.value);
  const isMemory = type?.type === 'text' && type.value === CXL_MEMORY;
  return readClaims(
    map,
    {
      hash_algo_id: claim(DEVICE.hash_algo_id, text, { any: 'O' }),
      measurement: claim(DEVICE.measurement, digest, { any: 'M' }),
      certificates: claim(DEVICE.certificates, digest, { any: 'M' }),
      ide: claim(DEVICE.ide, bool, { any: 'M' }),
      protocol: claim(DEVICE.protocol, text, { any: 'M' }),
      vca: claim(DEVICE.vca, digest, { any: ifSo(isSpdm) }),
      type: claim(DEVICE.type, text, { any: 'O' }),
      encryption: claim(DEVICE.encryption, oneOf(0, 1, 2), { any: ifSo(isMemory) }),
    },
    'any',
    place,
  );
};

const ROTPK = { name: 1, active: 2, index: 3, key_hash: 4 } as const;

/** A public key of the trusted boot base. The drafts type its members and do not say which must be there. */
const rotPublicKey: Reader<Readonly<Record<string, unknown>>> = (item, place) => {
  const map = mapItem(item, place);
  return (
    map &&
    readClaims(
      map,
      {
        name: claim(ROTPK.name, text, { any: 'O' }),
        active: claim(ROTPK.active, uint, { any: 'O' }),
        index: claim(ROTPK.index, uint, { any: 'O' }),
        key_hash: claim(ROTPK.key_hash, digest, { any: 'O' }),
      },
      'any',
      place,
    )
  );
};

const peerSigners = (item: CborItem, place: Place, generation: PlatformGeneration) => {
  const due = generation === '2026' ? 'array' : 'bytes';
  if ((item.type === 'array' || item.type === 'bytes') && item.type !== due) {
    tellAt(place, item, 'CLAIM_OF_OTHER_REVISION', { expected: due, found: item.type });
  }
  return item.type === 'bytes' ? [Uint8Array.from(item.value)] : arrayOf(bytes())(item, place);
};

export const PLATFORM_CLAIMS = {
  challenge: claim(LABEL.challenge, digest, { '1': 'M', '2024': 'M', '2026': 'X' }),
  instance_id: claim(LABEL.instance_id, ueid, ALWAYS),
  profile: claim(LABEL.profile, text, ALWAYS),
  client_id: claim(LABEL.client_id, oneOf(CLIENT_RMSD), { '1': '-', '2024': 'M', '2026': 'M' }),
  lifecycle: claim(LABEL.lifecycle, lifecycle, ALWAYS),
  implementation_id: claim(LABEL.implementation_id, bytes(IMPLEMENTATION_ID_SIZE), ALWAYS),
  sw_components: claim(LABEL.sw_components, components, ALWAYS),
  verification_service: claim(LABEL.verification_service, text, MAYBE),
  config: claim(LABEL.config, bytes(), ALWAYS),
  hash_algo_id: claim(LABEL.hash_algo_id, platformHash, ALWAYS),
  manufacturing_config: claim(LABEL.manufacturing_config, bytes(), FROM_2024),
  extension: claim(LABEL.extension, arrayOf(extensionDevice), FROM_2024),
  tbb_rotpk: claim(LABEL.tbb_rotpk, arrayOf(rotPublicKey), FROM_2024),
  peer_signers: claim(LABEL.peer_signers, peerSigners, FROM_2024),
  tpm_binding: claim(LABEL.tpm_binding, bytes(), { '1': '-', '2024': '-', '2026': 'O' }),
  workload_binding: claim(LABEL.workload_binding, digest, { '1': '-', '2024': '-', '2026': 'M' }),
} as const;
export type PlatformClaims = ClaimsOf<typeof PLATFORM_CLAIMS>;
