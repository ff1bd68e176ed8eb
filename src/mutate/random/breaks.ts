import { type ClaimTable, type Dialect, PLATFORM_PROFILES, REALM_PROFILES } from '../../token/index.ts';
import { bindingPlace } from '../draft.ts';
import type { Place } from '../place.ts';
import { array, bytes, FALSE, int, map, NULL, raw, text, type Wire } from '../wire.ts';
import { type Draw, drawOn, type Ground, PARTS, partOf, spotOf, stepOf } from './draw.ts';
import type { Spot } from './survey.ts';
import { randomText } from './value.ts';

const step = stepOf('breaks');
const on = drawOn(step);

const labelsOf = (table: ClaimTable): readonly number[] =>
  Object.values(table).flatMap(({ label, presence }) => (presence === 'mandatory' ? [label] : []));

/** Claims whose absence refuses a token whatever else it has. */
const mandatoryPlaces = ({ platformProfile, realmProfile, mec }: Dialect): readonly Place[] => [
  ...labelsOf(PLATFORM_PROFILES[platformProfile].claims).map((label) => `platform/${label}`),
  ...labelsOf(REALM_PROFILES[realmProfile].claims)
    // A Realm token may lack its profile where the platform's describes it, and draft -03 has no Realm instance id.
    .filter((label) => label !== 265 && !(label === 256 && mec === 'text'))
    .map((label) => `realm/${label}`),
];

const isMandatory = ({ place }: Spot, { dialect }: Ground): boolean => mandatoryPlaces(dialect).includes(place);
/** The MEC policy is an integer or a text, whichever. */
const isTyped = (spot: Spot, ground: Ground): boolean => isMandatory(spot, ground) && spot.place !== 'realm/44243';

const OTHER_TYPES: readonly Wire[] = [
  NULL,
  int(7),
  text('text'),
  bytes(new Uint8Array(3)),
  array(),
  map(),
  FALSE,
  raw(0xf9, 0x3c, 0),
];
const BAD_SIZES = [0, 1, 31, 47, 49, 63, 65];
const SIZED = /^(platform\/(10|256|2396|2408|2399\/\d+\/[25])|realm\/(10|44235|44238))$/;

const retyped = ({ draws }: Ground, { wire }: Spot): Wire =>
  draws.pick(OTHER_TYPES.filter(({ type }) => type !== (wire.type === 'embedded' ? 'bytes' : wire.type))) ?? NULL;

/** A token that must be accepted becomes one that must be rejected. */
export const BREAKS: readonly Draw[] = [
  on('remove', (_, { place }) => ({ do: 'remove', at: place }), isMandatory),
  on('retype', (ground, spot) => ({ do: 'set', at: spot.place, value: retyped(ground, spot) }), isTyped),
  on(
    'resize',
    ({ draws }, { place }) => ({ do: 'resize', at: place, size: draws.pick(BAD_SIZES) ?? 0 }),
    ({ place }) => SIZED.test(place),
  ),
  on(
    'wrap',
    ({ draws }, { place }) => ({ do: 'wrap', at: place, tag: draws.pick([0, 2, 18, 24, 61, 560]) ?? 0 }),
    isMandatory,
  ),
  on(
    'repeat',
    (_, { place }) => ({ do: 'repeat', at: place }),
    ({ place }) => place.split('/').length === 2,
  ),
  on(
    'indefinite',
    (_, { place }) => ({ do: 'indefinite', at: place }),
    ({ wire }) => ['bytes', 'text', 'array', 'map'].includes(wire.type),
  ),
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.${draws.pick(['entry', 'array', 'protected', 'unprotected', 'payload', 'signature'])}`;
    return step('indefinite-envelope', [`${at}#width`, at], { after: [{ do: 'indefinite', at }] });
  },
  (ground) => {
    const { draws } = ground;
    const part = partOf(ground);
    const at = `${part}.${draws.pick(['signature', 'payload', 'protected'])}`;
    // Claims that are bytes again cannot be changed one by one.
    return step('flip-signed', [at, part], { after: [{ do: 'flip', at, bit: draws.below(24) }] });
  },
  (ground) => {
    const spot = spotOf(ground, ({ wire }) => wire.type === 'bytes' && wire.value.length > 0);
    return (
      spot &&
      step('flip-after', [`${spot.place}#after`], {
        after: [{ do: 'flip', at: spot.place, bit: ground.draws.below(8) }],
      })
    );
  },
  ({ draws }) => {
    const part = draws.pick(PARTS) ?? 'platform';
    return step('sign-by-stranger', [`${part}.signature`], { sign: { [part]: { key: 'stranger' } } });
  },
  ({ dialect, draws }) => {
    const at = bindingPlace(dialect);
    return step('unbind', [at], { before: [{ do: 'flip', at, bit: draws.below(256) }] });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.${draws.pick(['entry', 'payload'])}`;
    return step('tail', [`${at}#tail`], {
      after: [{ do: 'tail', at, bytes: draws.bytes(1 + draws.below(4)) }],
    });
  },
  ({ draws }) => step('trailing', ['token#end'], { bytes: [{ do: 'append', bytes: draws.bytes(1 + draws.below(8)) }] }),
  ({ draws, bits }) =>
    step('truncate', ['token#end'], { bytes: [{ do: 'truncate', bytes: 1 + draws.below(bits / 8 - 1) }] }),
  ({ draws }) =>
    step('retag', ['token#width'], {
      after: [{ do: 'retag', at: 'token', tag: draws.pick([0, 18, 400, 61, 906]) ?? 0 }],
    }),
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.message`;
    return step('retag-message', [at, `${at}#width`], {
      after: [{ do: 'retag', at, tag: draws.pick([17, 19, 61, 96, 98]) ?? 98 }],
    });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.protected/1`;
    return step('alg', [at], {
      before: [{ do: 'set', at, value: draws.pick([int(-8), int(-999), int(5), NULL, text('ES384')]) ?? NULL }],
    });
  },
  ({ draws }) =>
    step('profile', ['platform/265'], {
      before: [{ do: 'set', at: 'platform/265', value: text(`tag:${randomText(draws)}`) }],
    }),
  ({ draws }) =>
    step('lifecycle', ['platform/2395'], {
      before: [
        {
          do: 'set',
          at: 'platform/2395',
          value: int(draws.pick([0, 0x1000, 0x2fff, 0x3100, 0x4000, 0x6000, 0x1_3000]) ?? 0),
        },
      ],
    }),
  ({ draws }) =>
    step('rem-count', ['realm/44239'], {
      before: [{ do: 'insert', at: 'realm/44239', value: bytes(draws.bytes(32)) }],
    }),
];
