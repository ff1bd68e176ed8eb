import { equalBytes } from '../bytes/index.ts';
import type { Crypto } from '../crypto/index.ts';
import { claim, readClaims } from './claims.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import { openLayer, type Place, tellAt } from './layer.ts';
import { DEVICE_PROFILES } from './profiles.ts';
import { arrayOf, bool, digest, mapItem, type Reader, shown, text } from './readers.ts';
import type { RealmClaims } from './realm-claims.ts';
import type { Embedded } from './wrapper.ts';

const LABEL = VERIFY_CLAIM_LABELS.device_token;
const DEVICE = { identity: 1, measurements: 2, negotiation: 3, coherent_ide: 4, non_coherent_ide: 5 } as const;

const device: Reader<object> = (item, place) => {
  const map = mapItem(item, place);
  return (
    map &&
    readClaims(
      map,
      {
        identity: claim(DEVICE.identity, digest, { any: 'M' }),
        measurements: claim(DEVICE.measurements, digest, { any: 'M' }),
        negotiation: claim(DEVICE.negotiation, digest, { any: 'O' }),
        coherent_ide: claim(DEVICE.coherent_ide, bool, { any: 'M' }),
        non_coherent_ide: claim(DEVICE.non_coherent_ide, bool, { any: 'M' }),
      },
      'any',
      place,
    )
  );
};

const profile: Reader<string> = (item, place) => {
  const name = text(item, place);
  if (name !== undefined && !DEVICE_PROFILES.includes(name)) {
    tellAt(place, item, 'PROFILE_UNKNOWN', { found: shown(name) });
  }
  return name;
};

const readDevices = ({ bytes }: Embedded, place: Place): void => {
  const layer = openLayer(bytes, place);
  const map = layer && mapItem(layer.item, place);
  if (map === undefined) return;
  readClaims(
    map,
    {
      profile: claim(LABEL.profile, profile, { any: 'M' }),
      devices: claim(LABEL.devices, arrayOf(device), { any: 'M' }),
    },
    'any',
    place,
  );
};

/** Checks the device token, which is unsigned: the Realm token has its hash exactly when there is one. */
export const checkDevices = (devices: Embedded | undefined, realm: RealmClaims, crypto: Crypto, place: Place): void => {
  const { devices_hash: expected, hash_algo_id: algorithm } = realm;
  const path = `realm/${VERIFY_CLAIM_LABELS.realm.devices_hash}`;
  if (devices === undefined) {
    if (expected !== undefined) place.tell('DEVICES_TOKEN_MISSING', path);
    return;
  }
  readDevices(devices, { ...place, base: devices.base });
  if (expected === undefined) place.tell('DEVICES_TOKEN_UNBOUND', place.path);
  else if (algorithm !== undefined && !equalBytes(expected, crypto.hash(algorithm).digest(devices.bytes))) {
    place.tell('DEVICES_HASH_MISMATCH', path, { algorithm });
  }
};
