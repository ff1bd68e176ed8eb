import {
  type Description,
  describeToken,
  descriptionToJson,
  type Node,
  renderText,
  type Stop,
} from '../../inspect/index.ts';
import type { CallOf } from '../command.ts';
import type { show } from '../commands/show.ts';
import { badInput, EXIT, type ExitCode, type UsageError } from '../exit.ts';
import { inputName } from '../io/read.ts';
import { readToken } from '../io/token.ts';

const stopsInside = (node: Node): readonly (Stop | undefined)[] => [
  node.stoppedInside,
  ...node.children.flatMap(stopsInside),
];

/** Where reading the outermost item ended too early: the file is cut off, or goes on after the token. */
const outerStop = ({ root, stops }: Description): Stop | undefined => {
  const inside = new Set(root === undefined ? [] : stopsInside(root));
  return stops.find((stop) => !inside.has(stop));
};

const refusalOf = (name: string, description: Description, partial: boolean): UsageError | undefined => {
  const { shape } = description;
  const stop = outerStop(description);
  const where = stop === undefined ? '' : ` (byte ${stop.offset}: ${stop.reason})`;
  if (shape === 'nothing') return badInput(`${name}: holds no CBOR, so no token${where}`);
  if (shape === 'cbor') return badInput(`${name}: holds CBOR, but no token${where}`);
  if (stop === undefined || partial) return undefined;
  return badInput(`${name}: is not one whole token${where}; --partial shows what can be read`);
};

export const runShow = async ({ values, operands, terminal }: CallOf<typeof show>): Promise<ExitCode> => {
  const [file = '-'] = operands;
  const description = describeToken(await readToken(file));
  const refusal = refusalOf(inputName(file), description, values.partial);
  if (refusal !== undefined) throw refusal;
  if (values.json) terminal.json(descriptionToJson(description));
  else terminal.print(renderText(description, { hex: values.hex }));
  return EXIT.ok;
};
