import type { Shard } from '../../corpus/index.ts';
import type { Option } from '../command.ts';
import { badCommandLine } from '../exit.ts';

const parseShard = (text: string): Shard => {
  const [, index = 0, of = 0] = /^([0-9]{1,6})\/([0-9]{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index < 1 || index > of) throw badCommandLine(`"${text}" is not I/N with I from 1 to N`);
  return { index, of };
};

/** One part of work that several processes do. */
export const shard = {
  kind: 'option',
  value: 'I/N',
  help: 'only the I-th of N parts; all parts together are the whole, byte for byte',
  parse: parseShard,
} satisfies Option<Shard>;
