import type { Target } from './target.ts';

/** An input of one of two targets. */
export type Either<A, B> = { readonly first: A } | { readonly second: B };

/** One client that is put to response scripts, and to fault plans on a live machine: the known ones of both, then drawn ones. */
export const eitherTarget = <A, B>(first: Target<A>, second: Target<B>): Target<Either<A, B>> => ({
  sound: [...first.sound.map((input) => ({ first: input })), ...second.sound.map((input) => ({ second: input }))],
  known: [...first.known.map((input) => ({ first: input })), ...second.known.map((input) => ({ second: input }))],
  in: (input) => ('first' in input ? ' in a response script' : ' on a live machine'),
  draw(entropy) {
    const [coin = 0] = entropy.bytes(1);
    return coin % 2 === 0 ? { first: first.draw(entropy) } : { second: second.draw(entropy) };
  },
  run: (input) => ('first' in input ? first.run(input.first) : second.run(input.second)),
  *simpler(input) {
    if ('first' in input) for (const simpler of first.simpler(input.first)) yield { first: simpler };
    else for (const simpler of second.simpler(input.second)) yield { second: simpler };
  },
  files: (input) => ('first' in input ? first.files(input.first) : second.files(input.second)),
  again: (folder, input) => ('first' in input ? first.again(folder, input.first) : second.again(folder, input.second)),
  async close() {
    await first.close();
    await second.close();
  },
});
