import { concatBytes, equalBytes } from '../bytes/index.ts';
import { decode } from '../cbor/index.ts';
import { coseKeyBytes } from '../cose/index.ts';
import type { Crypto, PublicKey } from '../crypto/index.ts';
import type { Tell } from './findings.ts';
import { VERIFY_CLAIM_LABELS } from './labels.ts';
import type { PlatformClaims } from './platform-claims.ts';
import type { PolicyRule } from './policy.ts';
import { member } from './readers.ts';

const LABEL = VERIFY_CLAIM_LABELS.platform;
const UEID_RANDOM = 0x01;
/** In the configuration of an RSE: the debug control bits, one per kind of debug, set when it is on. */
const CONFIG_DEBUG_BITS = 1;

const isDebugOff = (config: Uint8Array): boolean => {
  const decoded = decode(config);
  if (!decoded.ok || decoded.item.type !== 'map') return false;
  const bits = member(decoded.item, CONFIG_DEBUG_BITS);
  return bits?.type === 'bytes' && bits.value.length > 0 && bits.value.every((byte) => byte === 0);
};

interface Judged {
  readonly shortest: boolean;
  readonly claims: PlatformClaims;
  /** The key that the platform signature was checked with. */
  readonly key: PublicKey | undefined;
  readonly crypto: Crypto;
}

const CHECK_OF_RULE: Readonly<Record<PolicyRule, (judged: Judged, tell: Tell) => void>> = {
  'shortest-encoding': ({ shortest }, tell) => {
    if (!shortest) tell('ENCODING_NOT_SHORTEST', 'token');
  },
  'instance-id-hashes-key': ({ claims, key, crypto }, tell) => {
    const expected = key && concatBytes(Uint8Array.of(UEID_RANDOM), crypto.hash('sha-256').digest(coseKeyBytes(key)));
    const holds =
      expected !== undefined && claims.instance_id !== undefined && equalBytes(claims.instance_id, expected);
    if (!holds) tell('INSTANCE_ID_NOT_OF_KEY', `platform/${LABEL.instance_id}`);
  },
  'config-debug-off': ({ claims: { config } }, tell) => {
    if (config === undefined || !isDebugOff(config)) tell('CONFIG_DEBUG', `platform/${LABEL.config}`);
  },
};

/** Applies the rules that a policy adds. */
export const checkRules = (rules: readonly PolicyRule[], judged: Judged, tell: Tell): void => {
  for (const rule of new Set(rules)) CHECK_OF_RULE[rule](judged, tell);
};
