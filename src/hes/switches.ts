import {
  COMPONENT_ORDERS,
  type ComponentOrder,
  type Dialect,
  KEY_FORMS,
  type KeyForm,
  PLATFORM_ORDERS,
  PLATFORM_PROFILES,
  type PlatformOrder,
  type PlatformProfile,
} from '../token/index.ts';

interface Switch<V extends string | boolean> {
  /** What it may be; a dialect or the rules of RSE say which of them is the default. */
  readonly values: readonly V[];
  readonly says: string;
}

const names = <N extends string>(table: Readonly<Record<N, unknown>>): readonly N[] => Object.keys(table) as N[];

const among = <const V extends string>(values: readonly V[], says: string): Switch<V> => ({ values, says });
const onOff = (says: string): Switch<boolean> => ({ values: [true, false], says });

/** Where known HES implementations differ, each difference under its name (hes 6.2, 5). */
export const HES_SWITCHES = {
  keyHash: among<KeyForm>(
    names(KEY_FORMS),
    'form in which public keys are hashed, for challenge and instance id: RSE before 2024 and Islet hash the bare point',
  ),
  cpakRoot: among(['huk', 'guk'], 'root of the CPAK: the GUK up to TF-M 1.8 and in Islet'),
  kdf: among(['cmac', 'sha-ecb'], 'how seeds come from roots: by SHA-256 and AES-ECB up to TF-M 1.8 and in Islet'),
  bootState: among(
    ['rse', 'islet'],
    'what enters the seeds of CPAK and RAK besides the root, and how the RAK sees components',
  ),
  keyRequest: among(
    ['honoured', 'ignored'],
    'whether curve and hash of GET_DELEGATED_KEY count: Islet always takes P-384 and SHA-256',
  ),
  swTypeStyle: among(['sample', 'rse'], 'names of components: those of sample tokens, or those that RSE and TF-A send'),
  tokenOrder: among<PlatformOrder>(names(PLATFORM_ORDERS), 'order of the claims of the platform token'),
  componentOrder: among<ComponentOrder>(names(COMPONENT_ORDERS), 'order of the members of a component'),
  componentListing: among(['slots', 'sample'], 'order of the components: by slot, or as the sample tokens list them'),
  implIdStyle: among(
    ['32', 'rse4'],
    'implementation id: 32 bytes, or the 4 that reference code returns against the specification',
  ),
  profile: among<PlatformProfile>(
    names(PLATFORM_PROFILES),
    'profile of the platform token, where it is not the one of the dialect',
  ),
  serviceHash: among(
    ['sha-256', 'sha-384', 'sha-512'],
    'hash of the measured boot service, which is that of its slots and so their size',
  ),
  hashClaim: among(
    ['service', 'key'],
    'what claim 2402 names: the hash of the slots, or the one that binds the RAK, as in Islet',
  ),
  extendHash: among(
    ['service', 'own'],
    'hash that extends a slot: always SHA-256, or the algorithm of the component, as in Islet',
  ),
  extendMetadata: among(
    ['clear', 'replace', 'keepType'],
    'what a second EXTEND does to version and type: RSE empties both, Islet replaces both',
  ),
  challengeCheck: onOff("whether GET_PLATFORM_TOKEN compares the hash with the delegated key's"),
  quirkBootStateSkip: onOff(
    'whether a component with a longer member than the one before it is left out of the RAK, as in RSE',
  ),
} as const satisfies Record<string, Switch<string> | Switch<boolean>>;

export type HesSwitchName = keyof typeof HES_SWITCHES;
export type HesSwitches = { readonly [K in HesSwitchName]: (typeof HES_SWITCHES)[K]['values'][number] };

/** The rules of RSE, with what the dialect asks of HES. */
export const defaultSwitches = (dialect: Dialect): HesSwitches => ({
  keyHash: dialect.rak,
  cpakRoot: 'huk',
  kdf: 'cmac',
  bootState: 'rse',
  keyRequest: 'honoured',
  swTypeStyle: 'sample',
  tokenOrder: dialect.platformOrder,
  componentOrder: dialect.componentOrder,
  componentListing: 'slots',
  implIdStyle: '32',
  profile: dialect.platformProfile,
  serviceHash: 'sha-256',
  hashClaim: 'service',
  extendHash: 'service',
  extendMetadata: 'clear',
  challengeCheck: true,
  quirkBootStateSkip: false,
});
