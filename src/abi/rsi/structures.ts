import { array, at, bytes, type Infer, layout, u8, u16, u64 } from '../../bytes/index.ts';

/** What RSI_REALM_CONFIG tells a Realm about itself. */
export const RsiRealmConfig = layout(
  'RsiRealmConfig',
  { size: 0x1000, spec: 'RMM 1.0 B5.4.5' },
  {
    ipa_width: at(0x000, u64, 'IPA width in bits'),
    hash_algo: at(0x008, u8, 'RsiHashAlgorithm of the measurements'),
    rpv: at(0x200, bytes(64), 'Realm Personalization Value'),
  },
);
export type RsiRealmConfig = Infer<typeof RsiRealmConfig>;

/** What a Realm hands to the Host in a host call, and gets back. */
export const RsiHostCall = layout(
  'RsiHostCall',
  { size: 0x100, spec: 'RMM 1.0 B5.4.3' },
  {
    imm: at(0x00, u16, 'immediate'),
    gprs: at(0x08, array(31, u64), 'X0 to X30 as the Host will see them'),
  },
);
export type RsiHostCall = Infer<typeof RsiHostCall>;
