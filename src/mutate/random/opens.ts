import { bindingPlace } from '../draft.ts';
import { int, raw } from '../wire.ts';
import { type Draw, drawOn, PARTS, RAK, spotOf, stepOf } from './draw.ts';
import { randomValue } from './value.ts';

const step = stepOf('open');
const on = drawOn(step);

/** Whatever comes of it. */
export const OPENS: readonly Draw[] = [
  on('replace', ({ draws }, { place }) => ({ do: 'set', at: place, value: randomValue(draws) })),
  on('delete', (_, { place }) => ({ do: 'remove', at: place })),
  on(
    'flip',
    ({ draws }, { place }) => ({ do: 'flip', at: place, bit: draws.below(64) }),
    ({ wire }) => wire.type === 'bytes' && wire.value.length > 7,
  ),
  on('rubbish', ({ draws }, { place }) => ({
    do: 'set',
    at: place,
    value: raw(draws.bytes(1 + draws.below(8))),
  })),
  (ground) => {
    const [one, other] = [spotOf(ground), spotOf(ground)];
    return one && other && step('copy', [one.place], { before: [{ do: 'copy', at: one.place, from: other.place }] });
  },
  (ground) => {
    const spot = ground.draws.pick(ground.spots.realm.filter(({ place }) => place.startsWith(RAK)));
    return (
      spot &&
      step('rak', [RAK, bindingPlace(ground.dialect)], {
        before: [{ do: 'set', at: spot.place, value: randomValue(ground.draws) }],
        bind: true,
      })
    );
  },
  ({ draws, bits }) => {
    const bit = draws.below(bits);
    return step('flip-token', [`token#${bit}`], { bytes: [{ do: 'flip-bit', bit }] });
  },
  ({ draws }) => {
    const at = `${draws.pick(PARTS)}.${draws.pick(['protected', 'unprotected'])}`;
    return step('header', [at], {
      before: [{ do: 'insert', at, key: int(draws.below(40)), value: randomValue(draws) }],
    });
  },
];
