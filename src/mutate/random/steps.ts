import type { Dialect } from '../../token/index.ts';
import { type ClaimTable, PLATFORM_PROFILES, REALM_PROFILES } from '../../token/index.ts';
import { bindingPlace } from '../draft.ts';
import type { TreeEdit } from '../edit.ts';
import type { Place } from '../place.ts';
import { array, bytes, FALSE, int, map, NULL, type Part, raw, text, type Width, type Wire } from '../wire.ts';
import type { Draws } from './draws.ts';
import type { Effect, Step } from './step.ts';
import type { Spot } from './survey.ts';
import { randomText, randomValue } from './value.ts';

/** What steps are drawn from. */
export interface Ground {
  readonly draws: Draws;
  readonly dialect: Dialect;
  readonly spots: Readonly<Record<Part, readonly Spot[]>>;
  /** Bits of the whole token. */
  readonly bits: number;
}

type Draw = (ground: Ground) => Step | undefined;

const RAK = 'realm/44237';
const COMPONENTS = 'platform/2399';
const SECURED = 0x3000;
const PARTS: readonly Part[] = ['platform', 'realm'];

const step = (kind: string, effect: Effect, touches: readonly string[], operation: Step['operation']): Step => ({
  kind,
  effect,
  operation,
  touches,
});

const partOf = ({ draws }: Ground): Part => draws.pick(PARTS) ?? 'realm';

/** A place in the claims, outside the key of the Realm: what changes that has to be bound anew. */
const spotOf = (ground: Ground, wanted: (spot: Spot) => boolean = () => true): Spot | undefined => {
  const part = partOf(ground);
  return ground.draws.pick(ground.spots[part].filter((spot) => !spot.place.startsWith(RAK) && wanted(spot)));
};

const on =
  (
    kind: string,
    effect: Effect,
    edit: (ground: Ground, spot: Spot) => TreeEdit,
    wanted?: (spot: Spot, ground: Ground) => boolean,
  ): Draw =>
  (ground) => {
    const spot = spotOf(ground, wanted && ((each) => wanted(each, ground)));
    return spot && step(kind, effect, [spot.place], { before: [edit(ground, spot)] });
  };

const WIDTHS: readonly Width[] = [1, 2, 4, 8];
const widthOf = (draws: Draws): Width => draws.pick(WIDTHS) ?? 8;
const unknownLabel = (draws: Draws): number => -70_200 - draws.below(10_000);

const after = (kind: string, effect: Effect, at: Place, edit: TreeEdit): Step =>
  step(kind, effect, [at], { after: [edit] });

const measuredBy = (draws: Draws): readonly TreeEdit[] => {
  const [name, size] = draws.pick([
    ['sha-256', 32],
    ['sha-384', 48],
    ['sha-512', 64],
  ] as const) ?? ['sha-256', 32];
  return [
    { do: 'set', at: 'realm/44236', value: text(name) },
    { do: 'set', at: 'realm/44238', value: bytes(draws.bytes(size)) },
    { do: 'set', at: 'realm/44239', value: array(...[0, 1, 2, 3].map(() => bytes(draws.bytes(size)))) },
  ];
};

const MEMBER_OF_COMPONENT = new RegExp(`^${COMPONENTS}/\\d+/(\\d+)$`);

const componentSpot = ({ draws, spots }: Ground, label: number): Spot | undefined =>
  draws.pick(spots.platform.filter(({ place }) => MEMBER_OF_COMPONENT.exec(place)?.[1] === String(label)));

const setComponent =
  (label: number, value: (draws: Draws) => Wire): Draw =>
  (ground) => {
    const spot = componentSpot(ground, label);
    return (
      spot &&
      step('component', 'keeps', [spot.place], { before: [{ do: 'set', at: spot.place, value: value(ground.draws) }] })
    );
  };

/** A token that must be accepted stays one. */
export const KEEPS: readonly Draw[] = [
  on(
    'widen',
    'keeps',
    ({ draws }, { place }) => ({ do: 'widen', at: place, width: widthOf(draws) }),
    ({ wire }) => wire.type !== 'raw',
  ),
  (ground) => {
    const spot = spotOf(ground, ({ place }) => place.split('/').length === 2);
    return (
      spot &&
      step('widen-key', 'keeps', [`${spot.place}#key`], {
        before: [{ do: 'widen', at: spot.place, width: widthOf(ground.draws), of: 'key' }],
      })
    );
  },
  ({ draws }) => {
    const name =
      draws.pick(['entry', 'message', 'array', 'protected', 'unprotected', 'payload', 'signature']) ?? 'array';
    const at = `${draws.pick(PARTS)}.${name}`;
    return step('widen-envelope', 'keeps', [`${at}#width`], { after: [{ do: 'widen', at, width: widthOf(draws) }] });
  },
  ({ draws }) =>
    step('widen-token', 'keeps', ['token#width'], {
      after: [{ do: 'widen', at: draws.pick(['token', 'collection']) ?? 'token', width: widthOf(draws) }],
    }),
  (ground) => {
    const part = partOf(ground);
    const by = ground.draws.shuffled(16);
    return step('order', 'keeps', [`${part}#order`], { before: [{ do: 'order', at: part, by }] });
  },
  ({ draws, spots }) => {
    const component = draws.pick(spots.platform.filter(({ wire }) => wire.type === 'map'));
    const by = draws.shuffled(6);
    return (
      component &&
      step('order-component', 'keeps', [`${component.place}#order`], {
        before: [{ do: 'order', at: component.place, by }],
      })
    );
  },
  () =>
    step('order-collection', 'keeps', ['collection#order'], {
      after: [{ do: 'order', at: 'collection', by: 'reversed' }],
    }),
  (ground) => {
    const [part, label] = [partOf(ground), unknownLabel(ground.draws)];
    return step('unknown-claim', 'keeps', [`${part}/${label}`], {
      before: [
        { do: 'insert', at: part, key: int(label), value: randomValue(ground.draws), index: ground.draws.below(5) },
      ],
    });
  },
  (ground) => {
    const [part, label] = [partOf(ground), `x-${randomText(ground.draws).replaceAll('/', '')}`];
    return step('unknown-text-claim', 'keeps', [`${part}/${label}`], {
      before: [{ do: 'insert', at: part, key: text(label), value: randomValue(ground.draws) }],
    });
  },
  ({ draws }) => {
    const [part, label] = [draws.pick(PARTS), unknownLabel(draws)];
    const header = draws.pick(['protected', 'unprotected']);
    return step('unknown-header', 'keeps', [`${part}.${header}/${label}`], {
      before: [{ do: 'insert', at: `${part}.${header}`, key: int(label), value: randomValue(draws) }],
    });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.unprotected/4`;
    return step('kid', 'keeps', [at], { before: [{ do: 'set', at, value: bytes(draws.bytes(draws.below(64))) }] });
  },
  ({ draws }) =>
    step('service', 'keeps', ['platform/2400'], {
      before: [{ do: 'set', at: 'platform/2400', value: text(`https://${randomText(draws)}`) }],
    }),
  ({ draws }) =>
    step('config', 'keeps', ['platform/2401'], {
      before: [{ do: 'set', at: 'platform/2401', value: bytes(draws.bytes(1 + draws.below(300))) }],
    }),
  ({ draws }) =>
    step('lifecycle', 'keeps', ['platform/2395'], {
      before: [{ do: 'set', at: 'platform/2395', value: int(SECURED + draws.below(256)) }],
    }),
  ({ draws }) =>
    step('rpv', 'keeps', ['realm/44235'], {
      before: [{ do: 'set', at: 'realm/44235', value: bytes(draws.bytes(64)) }],
    }),
  ({ draws }) =>
    step('measured', 'keeps', ['realm/44236', 'realm/44238', 'realm/44239'], { before: measuredBy(draws) }),
  ({ draws, dialect }) =>
    step('bound-by', 'keeps', ['realm/44240', bindingPlace(dialect)], {
      before: [
        { do: 'set', at: 'realm/44240', value: text(draws.pick(['sha-256', 'sha-384', 'sha-512']) ?? 'sha-256') },
      ],
      bind: true,
    }),
  setComponent(1, (draws) => text(`${randomText(draws)}!`)),
  setComponent(4, (draws) => text(randomText(draws))),
  setComponent(2, (draws) => bytes(draws.bytes(draws.pick([32, 48, 64]) ?? 32))),
  setComponent(5, (draws) => bytes(draws.bytes(draws.pick([32, 48, 64]) ?? 32))),
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.signature`;
    return after('negate-s', 'keeps', at, { do: 'negate-s', at });
  },
  ({ draws }) => step('wrapper', 'keeps', ['form'], { form: { outer: draws.pick([399, 907] as const) ?? 399 } }),
];

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
  on('remove', 'breaks', (_, { place }) => ({ do: 'remove', at: place }), isMandatory),
  on('retype', 'breaks', (ground, spot) => ({ do: 'set', at: spot.place, value: retyped(ground, spot) }), isTyped),
  on(
    'resize',
    'breaks',
    ({ draws }, { place }) => ({ do: 'resize', at: place, size: draws.pick(BAD_SIZES) ?? 0 }),
    ({ place }) => SIZED.test(place),
  ),
  on(
    'wrap',
    'breaks',
    ({ draws }, { place }) => ({ do: 'wrap', at: place, tag: draws.pick([0, 2, 18, 24, 61, 560]) ?? 0 }),
    isMandatory,
  ),
  on(
    'repeat',
    'breaks',
    (_, { place }) => ({ do: 'repeat', at: place }),
    ({ place }) => place.split('/').length === 2,
  ),
  on(
    'indefinite',
    'breaks',
    (_, { place }) => ({ do: 'indefinite', at: place }),
    ({ wire }) => ['bytes', 'text', 'array', 'map'].includes(wire.type),
  ),
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.${draws.pick(['entry', 'array', 'protected', 'unprotected', 'payload', 'signature'])}`;
    return step('indefinite-envelope', 'breaks', [`${at}#width`, at], { after: [{ do: 'indefinite', at }] });
  },
  (ground) => {
    const { draws } = ground;
    const part = partOf(ground);
    const at = `${part}.${draws.pick(['signature', 'payload', 'protected'])}`;
    // Claims that are bytes again cannot be changed one by one.
    return step('flip-signed', 'breaks', [at, part], { after: [{ do: 'flip', at, bit: draws.below(24) }] });
  },
  (ground) => {
    const spot = spotOf(ground, ({ wire }) => wire.type === 'bytes' && wire.value.length > 0);
    return (
      spot &&
      step('flip-after', 'breaks', [`${spot.place}#after`], {
        after: [{ do: 'flip', at: spot.place, bit: ground.draws.below(8) }],
      })
    );
  },
  ({ draws }) => {
    const part = draws.pick(PARTS) ?? 'platform';
    return step('sign-by-stranger', 'breaks', [`${part}.signature`], { sign: { [part]: { key: 'stranger' } } });
  },
  ({ dialect, draws }) => {
    const at = bindingPlace(dialect);
    return step('unbind', 'breaks', [at], { before: [{ do: 'flip', at, bit: draws.below(256) }] });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.${draws.pick(['entry', 'payload'])}`;
    return step('tail', 'breaks', [`${at}#tail`], {
      after: [{ do: 'tail', at, bytes: draws.bytes(1 + draws.below(4)) }],
    });
  },
  ({ draws }) =>
    step('trailing', 'breaks', ['token#end'], { bytes: [{ do: 'append', bytes: draws.bytes(1 + draws.below(8)) }] }),
  ({ draws, bits }) =>
    step('truncate', 'breaks', ['token#end'], { bytes: [{ do: 'truncate', bytes: 1 + draws.below(bits / 8 - 1) }] }),
  ({ draws }) =>
    step('retag', 'breaks', ['token#width'], {
      after: [{ do: 'retag', at: 'token', tag: draws.pick([0, 18, 400, 61, 906]) ?? 0 }],
    }),
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.message`;
    return step('retag-message', 'breaks', [at, `${at}#width`], {
      after: [{ do: 'retag', at, tag: draws.pick([17, 19, 61, 96, 98]) ?? 98 }],
    });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.protected/1`;
    return step('alg', 'breaks', [at], {
      before: [{ do: 'set', at, value: draws.pick([int(-8), int(-999), int(5), NULL, text('ES384')]) ?? NULL }],
    });
  },
  ({ draws }) =>
    step('profile', 'breaks', ['platform/265'], {
      before: [{ do: 'set', at: 'platform/265', value: text(`tag:${randomText(draws)}`) }],
    }),
  ({ draws }) =>
    step('lifecycle', 'breaks', ['platform/2395'], {
      before: [
        {
          do: 'set',
          at: 'platform/2395',
          value: int(draws.pick([0, 0x1000, 0x2fff, 0x3100, 0x4000, 0x6000, 0x1_3000]) ?? 0),
        },
      ],
    }),
  ({ draws }) =>
    step('rem-count', 'breaks', ['realm/44239'], {
      before: [{ do: 'insert', at: 'realm/44239', value: bytes(draws.bytes(32)) }],
    }),
];

/** Whatever comes of it. */
export const OPENS: readonly Draw[] = [
  on('replace', 'open', ({ draws }, { place }) => ({ do: 'set', at: place, value: randomValue(draws) })),
  on('delete', 'open', (_, { place }) => ({ do: 'remove', at: place })),
  on(
    'flip',
    'open',
    ({ draws }, { place }) => ({ do: 'flip', at: place, bit: draws.below(64) }),
    ({ wire }) => wire.type === 'bytes' && wire.value.length > 7,
  ),
  on('rubbish', 'open', ({ draws }, { place }) => ({
    do: 'set',
    at: place,
    value: raw(draws.bytes(1 + draws.below(8))),
  })),
  (ground) => {
    const [one, other] = [spotOf(ground), spotOf(ground)];
    return (
      one && other && step('copy', 'open', [one.place], { before: [{ do: 'copy', at: one.place, from: other.place }] })
    );
  },
  (ground) => {
    const spot = ground.draws.pick(ground.spots.realm.filter(({ place }) => place.startsWith(RAK)));
    return (
      spot &&
      step('rak', 'open', [RAK, bindingPlace(ground.dialect)], {
        before: [{ do: 'set', at: spot.place, value: randomValue(ground.draws) }],
        bind: true,
      })
    );
  },
  ({ draws, bits }) => {
    const bit = draws.below(bits);
    return step('flip-token', 'open', [`token#${bit}`], { bytes: [{ do: 'flip-bit', bit }] });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.${draws.pick(['protected', 'unprotected'])}`;
    return step('header', 'open', [at], {
      before: [{ do: 'insert', at, key: int(draws.below(40)), value: randomValue(draws) }],
    });
  },
];
