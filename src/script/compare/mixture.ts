import {
  applyPersonality,
  type Deviation,
  PERSONALITIES,
  type Reference,
  type Setting,
  SPEC,
  SWITCHES,
} from '../../personality/index.ts';
import type { PlatformOptions } from '../../platform/index.ts';
import { type ImpDef, RMM_1_0 } from '../../rmm/index.ts';

/** A stack taken apart, so that single things can be taken from another one. */
export interface Mixture {
  readonly switches: readonly string[];
  /** By command, where the order is not that of the specification. */
  readonly orders: Readonly<Record<string, readonly string[]>>;
  /** What a personality decides where the text leaves it open. */
  readonly choices: Partial<ImpDef>;
  /** The dialect and the HES, which has to go with it: it binds the key in the form that the dialect has. */
  readonly token: Pick<Setting, 'dialect' | 'parts' | 'hes'>;
  readonly remFormula: Setting['remFormula'];
}

/** What two stacks can differ in. Only a switch is a divergence; an order and a choice are what the text leaves open. */
export type FactorKind = 'switch' | 'order' | 'choice' | 'token' | 'rem-formula';

/** One thing in which two stacks differ. */
export interface Factor {
  /** Of a switch its identifier, else the kind with what it is about: `order RMI_RTT_CREATE`. */
  readonly id: string;
  readonly kind: FactorKind;
  readonly says: string;
  /** Commands in which alone it can show; undefined where it can show in any. */
  readonly commands: readonly string[] | undefined;
  readonly deviation: Deviation | undefined;
  readonly references: readonly Reference[];
  /** The first mixture with this thing as the second one has it. */
  readonly take: (to: Mixture, from: Mixture) => Mixture;
}

export const mixtureOf = ({ personality, dialect, parts, hes, remFormula }: Setting): Mixture => {
  const { orders, impDef } = PERSONALITIES[personality.personality];
  return { switches: personality.switches, orders, choices: impDef, token: { dialect, parts, hes }, remFormula };
};

/** The commands and choices of an RMM that is such a mixture. */
export const rmmOf = ({ switches, orders, choices }: Mixture): Required<Pick<PlatformOptions, 'commands' | 'rmm'>> => {
  const deviations = switches.flatMap((id) => SWITCHES.get(id) ?? []);
  const { commands, impDef } = applyPersonality(RMM_1_0, { ...SPEC, orders, impDef: choices, deviations });
  return { commands, rmm: impDef };
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The places of switches among each other: the order in which they were turned on does not count. */
const RANK = new Map([...SWITCHES.keys()].map((id, index) => [id, index]));
const ranked = (ids: readonly string[]): readonly string[] =>
  [...ids].sort((a, b) => (RANK.get(a) ?? 0) - (RANK.get(b) ?? 0));

const switchFactor = (deviation: Deviation, onInB: boolean): Factor => {
  const { id, title, change, references, standing } = deviation;
  const onlyCommands = change.impDef === undefined && change.set === undefined;
  return {
    id,
    kind: 'switch',
    says: `${title}; on in ${onInB ? 'B' : 'A'}`,
    commands: onlyCommands || standing === 'same reading' ? Object.keys(change.commands ?? {}) : undefined,
    deviation,
    references,
    take: (to, from) => {
      const others = to.switches.filter((each) => each !== id);
      return { ...to, switches: from.switches.includes(id) ? ranked([...others, id]) : others };
    },
  };
};

const withMember = <T extends object>(record: T, from: T, name: string): T => {
  const { [name as keyof T]: _, ...others } = record;
  return (Object.hasOwn(from, name) ? { ...others, [name]: from[name as keyof T] } : others) as T;
};

const namesIn = (a: object, b: object): readonly string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

const tokenText = ({ dialect, parts, hes }: Mixture['token']): string =>
  [dialect, ...Object.entries(parts).map(([name, value]) => `${name} ${value}`), `HES ${hes}`].join(', ');

/** Everything in which two mixtures differ, switches first. */
export const factorsBetween = (a: Mixture, b: Mixture, evidence: readonly Reference[]): readonly Factor[] => {
  const common = { deviation: undefined, references: evidence, commands: undefined };
  const inOneAlone = ranked([...SWITCHES.keys()].filter((id) => a.switches.includes(id) !== b.switches.includes(id)));
  const orders = namesIn(a.orders, b.orders).filter((name) => !isSame(a.orders[name], b.orders[name]));
  const choices = namesIn(a.choices, b.choices).filter(
    (name) => !isSame(a.choices[name as keyof ImpDef], b.choices[name as keyof ImpDef]),
  );
  const whole = (name: 'token' | 'remFormula'): Factor['take'] => {
    return (to, from) => ({ ...to, [name]: from[name] });
  };
  return [
    ...inOneAlone.flatMap((id) => {
      const deviation = SWITCHES.get(id);
      return deviation === undefined ? [] : [switchFactor(deviation, b.switches.includes(id))];
    }),
    ...orders.map((name): Factor => {
      const says = `the order in which ${name} checks its conditions, which the text leaves open`;
      const take: Factor['take'] = (to, from) => ({ ...to, orders: withMember(to.orders, from.orders, name) });
      return { ...common, id: `order ${name}`, kind: 'order', says, commands: [name], take };
    }),
    ...choices.map((name): Factor => {
      const [left, right] = [a, b].map(({ choices: of }) => of[name as keyof ImpDef] ?? 'as the specification');
      const says = `${name}, which the text leaves open: ${left} in A, ${right} in B`;
      const take: Factor['take'] = (to, from) => ({ ...to, choices: withMember(to.choices, from.choices, name) });
      return { ...common, id: `choice ${name}`, kind: 'choice', says, take };
    }),
    ...(isSame(a.token, b.token)
      ? []
      : [
          {
            ...common,
            id: 'token',
            kind: 'token',
            says: `the dialect and the HES: ${tokenText(a.token)} in A; ${tokenText(b.token)} in B`,
            take: whole('token'),
          } satisfies Factor,
        ]),
    ...(a.remFormula === b.remFormula
      ? []
      : [
          {
            ...common,
            id: 'rem-formula',
            kind: 'rem-formula',
            says: `how a REM is extended: ${a.remFormula} in A, ${b.remFormula} in B`,
            take: whole('remFormula'),
          } satisfies Factor,
        ]),
  ];
};
