import { applyPersonality, choose, personalityOf, SWITCHES } from '../personality/index.ts';
import { RMM_1_0 } from '../rmm/index.ts';

let known: ReadonlyMap<string, ReadonlySet<string>> | undefined;

/** Every failure condition that a command has under some switch, by the command's name. */
const allConditions = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const all = new Map<string, Set<string>>();
  for (const id of SWITCHES.keys()) {
    const choice = choose('spec', [id]);
    if (choice === undefined) continue;
    const { rmi, rsi, psci } = applyPersonality(RMM_1_0, personalityOf(choice)).commands;
    for (const { name, failures } of [...rmi, ...rsi, ...psci]) {
      const ids = all.get(name) ?? new Set();
      for (const condition of Object.keys(failures)) ids.add(condition);
      all.set(name, ids);
    }
  }
  return all;
};

/** The failure conditions that a command has under some switch: more than the specification gives it. */
export const variantConditions = (command: string): readonly string[] => {
  known ??= allConditions();
  return [...(known.get(command) ?? [])];
};
