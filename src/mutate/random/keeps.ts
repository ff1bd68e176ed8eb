import { bindingPlace } from '../draft.ts';
import type { TreeEdit } from '../edit.ts';
import { array, bytes, int, text, type Width, type Wire } from '../wire.ts';
import { type Draw, drawOn, type Ground, PARTS, partOf, spotOf, stepOf } from './draw.ts';
import type { Draws } from './draws.ts';
import type { Spot } from './survey.ts';
import { randomText, randomValue } from './value.ts';

const step = stepOf('keeps');
const on = drawOn(step);

const SECURED = 0x3000;

const WIDTHS: readonly Width[] = [1, 2, 4, 8];
const widthOf = (draws: Draws): Width => draws.pick(WIDTHS) ?? 8;
const unknownLabel = (draws: Draws): number => -70_200 - draws.below(10_000);

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

const MEMBER_OF_COMPONENT = /^platform\/2399\/\d+\/(\d+)$/;

const componentSpot = ({ draws, spots }: Ground, label: number): Spot | undefined =>
  draws.pick(spots.platform.filter(({ place }) => MEMBER_OF_COMPONENT.exec(place)?.[1] === String(label)));

const setComponent =
  (label: number, value: (draws: Draws) => Wire): Draw =>
  (ground) => {
    const spot = componentSpot(ground, label);
    return (
      spot && step('component', [spot.place], { before: [{ do: 'set', at: spot.place, value: value(ground.draws) }] })
    );
  };

/** A token that must be accepted stays one. */
export const KEEPS: readonly Draw[] = [
  on(
    'widen',
    ({ draws }, { place }) => ({ do: 'widen', at: place, width: widthOf(draws) }),
    ({ wire }) => wire.type !== 'raw',
  ),
  (ground) => {
    const spot = spotOf(ground, ({ place }) => place.split('/').length === 2);
    return (
      spot &&
      step('widen-key', [`${spot.place}#key`], {
        before: [{ do: 'widen', at: spot.place, width: widthOf(ground.draws), of: 'key' }],
      })
    );
  },
  ({ draws }) => {
    const name =
      draws.pick(['entry', 'message', 'array', 'protected', 'unprotected', 'payload', 'signature']) ?? 'array';
    const at = `${draws.pick(PARTS)}.${name}`;
    return step('widen-envelope', [`${at}#width`], { after: [{ do: 'widen', at, width: widthOf(draws) }] });
  },
  ({ draws }) =>
    step('widen-token', ['token#width'], {
      after: [{ do: 'widen', at: draws.pick(['token', 'collection']) ?? 'token', width: widthOf(draws) }],
    }),
  (ground) => {
    const part = partOf(ground);
    const by = ground.draws.shuffled(16);
    return step('order', [`${part}#order`], { before: [{ do: 'order', at: part, by }] });
  },
  ({ draws, spots }) => {
    const component = draws.pick(spots.platform.filter(({ wire }) => wire.type === 'map'));
    const by = draws.shuffled(6);
    return (
      component &&
      step('order-component', [`${component.place}#order`], {
        before: [{ do: 'order', at: component.place, by }],
      })
    );
  },
  () =>
    step('order-collection', ['collection#order'], {
      after: [{ do: 'order', at: 'collection', by: 'reversed' }],
    }),
  (ground) => {
    const [part, label] = [partOf(ground), unknownLabel(ground.draws)];
    return step('unknown-claim', [`${part}/${label}`], {
      before: [
        { do: 'insert', at: part, key: int(label), value: randomValue(ground.draws), index: ground.draws.below(5) },
      ],
    });
  },
  (ground) => {
    const [part, label] = [partOf(ground), `x-${randomText(ground.draws).replaceAll('/', '')}`];
    return step('unknown-text-claim', [`${part}/${label}`], {
      before: [{ do: 'insert', at: part, key: text(label), value: randomValue(ground.draws) }],
    });
  },
  ({ draws }) => {
    const [part, label] = [draws.pick(PARTS), unknownLabel(draws)];
    const header = draws.pick(['protected', 'unprotected']);
    return step('unknown-header', [`${part}.${header}/${label}`], {
      before: [{ do: 'insert', at: `${part}.${header}`, key: int(label), value: randomValue(draws) }],
    });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.unprotected/4`;
    return step('kid', [at], { before: [{ do: 'set', at, value: bytes(draws.bytes(draws.below(64))) }] });
  },
  ({ draws }) =>
    step('service', ['platform/2400'], {
      before: [{ do: 'set', at: 'platform/2400', value: text(`https://${randomText(draws)}`) }],
    }),
  ({ draws }) =>
    step('config', ['platform/2401'], {
      before: [{ do: 'set', at: 'platform/2401', value: bytes(draws.bytes(1 + draws.below(300))) }],
    }),
  ({ draws }) =>
    step('lifecycle', ['platform/2395'], {
      before: [{ do: 'set', at: 'platform/2395', value: int(SECURED + draws.below(256)) }],
    }),
  ({ draws }) =>
    step('rpv', ['realm/44235'], {
      before: [{ do: 'set', at: 'realm/44235', value: bytes(draws.bytes(64)) }],
    }),
  ({ draws }) => step('measured', ['realm/44236', 'realm/44238', 'realm/44239'], { before: measuredBy(draws) }),
  ({ draws, dialect }) =>
    step('bound-by', ['realm/44240', bindingPlace(dialect)], {
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
    return step('negate-s', [at], { after: [{ do: 'negate-s', at }] });
  },
  ({ draws }) => step('wrapper', ['form'], { form: { outer: draws.pick([399, 907] as const) ?? 399 } }),
];
