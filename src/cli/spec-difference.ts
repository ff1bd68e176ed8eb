import { applyPersonality, choose, PERSONALITIES, type PersonalityId, personalityOf } from '../personality/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';
import { type Command, columns, differenceOf } from '../spec/index.ts';

const all = ({ rmi, rsi, psci }: typeof RMM_1_0): readonly Command[] => [...rmi, ...rsi, ...psci];

/** What a personality does otherwise at a command: its conditions, their order, and the switches behind it. */
export const personalityDifference = (command: Command, id: PersonalityId) => {
  const choice = choose(id) ?? { personality: id, switches: [] };
  const { commands } = applyPersonality(RMM_1_0, personalityOf(choice));
  const other = all(commands).find(({ name }) => name === command.name);
  const switches = PERSONALITIES[id].deviations.filter(({ commands: names }) => names.includes(command.name));
  return {
    personality: id,
    ...(other === undefined ? { missing: true } : differenceOf(command, other)),
    switches: switches.map(({ change: _, ...rest }) => rest),
  };
};

type Difference = ReturnType<typeof personalityDifference>;

const referenceText = ({
  repository,
  tag,
  path,
  symbol,
}: Difference['switches'][number]['references'][number]): string =>
  `${repository} ${tag} ${path}${symbol === undefined ? '' : `, ${symbol}`}`;

/** The same for a terminal. */
export const differenceText = (difference: Difference, heading: (text: string) => string): string => {
  const { personality, switches } = difference;
  const lines: string[] = [];
  if ('missing' in difference) lines.push(`${personality} has no such command`);
  else {
    const { added, removed, answers, order } = difference;
    lines.push(
      ...columns(added.map(({ id, result, says }) => ['also', id, result, says])),
      ...removed.map((id) => `not  ${id}`),
      ...columns(answers.map(({ id, result, says }) => ['answers', id, result, says])),
      ...(order === undefined ? [] : [`order  ${order.join(', ')}`]),
    );
  }
  for (const { id, title, standing, specification, implementation, references } of switches) {
    lines.push(
      `${id}  ${title} (${standing})`,
      `    specification   ${specification}`,
      `    implementation  ${implementation}`,
      ...references.map((reference) => `    see ${referenceText(reference)}`),
    );
  }
  if (lines.length === 0) lines.push('nothing');
  return [heading(`What ${personality} does otherwise`), ...lines.map((line) => `  ${line}`)].join('\n');
};
