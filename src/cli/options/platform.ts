import { EL3_INTERFACE_VERSIONS, RMM_MANIFEST_VERSIONS } from '../../abi/index.ts';
import type { El3Config } from '../../el3/index.ts';
import { type DeviceParams, HES_PRESETS, HES_SWITCHES, type HesPresetName, type HesSwitches } from '../../hes/index.ts';
import type { ImpDef } from '../../rmm/index.ts';
import type { Call, Option } from '../command.ts';
import { badCommandLine } from '../exit.ts';
import { suggestion } from '../suggestion.ts';
import { choice, path } from './values.ts';

/** Which HES the machine has. */
export type HesChoice =
  | { readonly kind: 'preset'; readonly name: HesPresetName }
  | { readonly kind: 'static'; readonly folder: string };

const PRESETS = Object.keys(HES_PRESETS) as HesPresetName[];
const STATIC = 'static:';

const parseHes = (text: string): HesChoice => {
  if (!text.startsWith(STATIC))
    return { kind: 'preset', name: choice([...PRESETS, 'static:DIR'], text) as HesPresetName };
  const folder = text.slice(STATIC.length);
  if (folder === '') throw badCommandLine('static: names no folder; it holds rak.hex and platform-token.cbor');
  return { kind: 'static', folder };
};

/** Parts of a machine that `--set` reaches. */
interface Areas {
  readonly hes: Partial<HesSwitches>;
  readonly device: Partial<DeviceParams>;
  readonly el3: Partial<El3Config>;
  readonly rmm: Partial<ImpDef>;
}
export interface Setting {
  readonly name: string;
  readonly area: keyof Areas;
  readonly member: string;
  readonly value: unknown;
}

type Read = (text: string) => unknown;
const among =
  (values: readonly string[]): Read =>
  (text) =>
    choice(values, text);
const onOff: Read = (text) => choice(['on', 'off'], text) === 'on';
const number =
  (least: number, most: number): Read =>
  (text) => {
    const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) throw badCommandLine(`"${text}" is not a number from ${least} to ${most}`);
    return value;
  };

const hesSettings = Object.entries(HES_SWITCHES).map(([name, { values }]): readonly [string, keyof Areas, Read] => [
  `hes.${name}`,
  'hes',
  typeof values[0] === 'boolean' ? onOff : among(values as readonly string[]),
]);

/** A table whose keys are checked against what the area has. */
const area = <A extends keyof Areas>(
  prefix: string,
  name: A,
  members: { readonly [K in keyof Areas[A]]?: Read },
): readonly (readonly [string, keyof Areas, Read])[] =>
  Object.entries(members).map(([member, read]) => [`${prefix}.${member}`, name, read as Read]);

const SETTINGS = new Map(
  [
    ...hesSettings,
    ...area('hes', 'device', { adac: onOff, rmaErasesKeys: onOff }),
    ...area('el3', 'el3', {
      interfaceVersion: among(Object.keys(EL3_INTERFACE_VERSIONS)),
      manifestVersion: among(Object.keys(RMM_MANIFEST_VERSIONS)),
      cpus: number(1, 4096),
      mode: among(['strict', 'fvp']),
      hunks: (text) => (text === 'whole' ? text : number(1, 4096)(text)),
      keyHash: among(['sha-256', 'sha-384', 'sha-512']),
      tokenSign: onOff,
      signQueue: number(1, 1024),
      signLatency: number(0, 0xffff_ffff),
      mecidWidth: number(0, 16),
      ide: among(['none', 'blocking', 'non-blocking']),
      reserve: number(0, 1 << 30),
    }),
    ...area('rmm', 'rmm', {
      el3Interface: among(Object.keys(EL3_INTERFACE_VERSIONS)),
      el3Manifest: among(Object.keys(RMM_MANIFEST_VERSIONS)),
      attestSigning: among(['rmm', 'el3']),
      maxCpus: number(1, 4096),
    }),
  ].map(([name, where, read]) => [name, { where, read }] as const),
);

const parseSetting = (text: string): Setting => {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const known = SETTINGS.get(name);
  if (known === undefined)
    throw badCommandLine(`there is no ${name.slice(0, 60)}${suggestion(name, [...SETTINGS.keys()])}`);
  if (at < 0) throw badCommandLine(`${name} takes a value: ${name}=…`);
  try {
    const value = known.read(text.slice(at + 1));
    return { name, area: known.where, member: name.slice(name.indexOf('.') + 1), value };
  } catch (error) {
    throw badCommandLine(`${name}: ${(error as Error).message}`);
  }
};

/** What the machine is below the RMM, beyond its firmware. */
export const chipOptions = {
  hes: {
    kind: 'option',
    value: 'rse|islet|static:DIR',
    help: "whose HES it is; static serves DIR's rak.hex and platform-token.cbor, whatever is asked; by default the one of the stack",
    parse: parseHes,
  } satisfies Option<HesChoice>,
  set: {
    kind: 'option',
    value: 'NAME=VALUE',
    help: 'one switch of HES, EL3 or RMM: hes.keyHash=raw, el3.hunks=100, rmm.attestSigning=el3; on and off where it is either',
    repeatable: true,
    parse: parseSetting,
  } satisfies Option<Setting>,
} as const;

/** The same, and what happens to that machine. */
export const platformOptions = {
  ...chipOptions,
  faults: path('a fault plan (YAML): what goes wrong between HES, EL3 and RMM; exit 1 when it ends in no token'),
  state: path('keep the chip here between runs: lifecycle, keys, boot epochs, slots, log', { value: 'DIR' }),
} as const;
export type PlatformValues = Partial<Call<typeof platformOptions>['values']>;

/** What settings say of each area; of several for one switch the last counts. */
export const settingsOf = (settings: readonly Setting[] = []): Areas => {
  const of = (name: keyof Areas): Readonly<Record<string, unknown>> =>
    Object.fromEntries(settings.filter((each) => each.area === name).map(({ member, value }) => [member, value]));
  return { hes: of('hes'), device: of('device'), el3: of('el3'), rmm: of('rmm') };
};
