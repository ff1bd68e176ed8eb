import { describe, expect, test } from 'vitest';
import {
  applyPersonality,
  choose,
  PERSONALITIES,
  type PersonalityId,
  personalityOf,
  RSI_BEHAVIOURS,
  STACK_NAMES,
  STACKS,
  type Stack,
  SWITCHES,
  SYNTHETIC,
  stackNamed,
  stackOf,
} from '../../src/personality/index.ts';
import { RMM_1_0, SPEC_IMP_DEF } from '../../src/rmm/index.ts';
import { DIALECTS, dialectNamed, knobsOf } from '../../src/token/index.ts';

const PERSONALITY_IDS = Object.keys(PERSONALITIES) as PersonalityId[];
const names = (set: typeof RMM_1_0) => [...set.rmi, ...set.rsi, ...set.psci].map(({ name }) => name);

describe('a choice', () => {
  test.each(PERSONALITY_IDS)('%s has the switches of its personality', (id) => {
    const chosen = choose(id);
    expect(chosen?.switches).toEqual(PERSONALITIES[id].deviations.map((each) => each.id));
    expect(chosen && personalityOf(chosen)).toEqual(PERSONALITIES[id]);
  });

  test('turns single switches on and off', () => {
    expect(choose('spec', ['D2', 'I1'])?.switches).toEqual(['D2', 'I1']);
    expect(choose('spec', ['D2', '-D2'])?.switches).toEqual([]);
    expect(choose('tf-rmm', ['-D2'])?.switches).not.toContain('D2');
    expect(choose('tf-rmm', ['D2'])?.switches.filter((each) => each === 'D2')).toHaveLength(1);
  });

  test.each(['D0', '', '-', '--D2', 'd2', 'constructor'])('there is no switch %j', (id) => {
    expect(choose('spec', [id])).toBeUndefined();
  });
});

describe('a personality', () => {
  test('of the specification changes nothing', () => {
    const { commands, impDef } = applyPersonality(RMM_1_0, PERSONALITIES.spec);
    expect(impDef).toEqual(SPEC_IMP_DEF);
    expect(commands).toEqual(RMM_1_0);
  });

  test.each([...SWITCHES.values()])('may have $id alone', (deviation) => {
    const chosen = choose('spec', [deviation.id])!;
    const { commands, impDef } = applyPersonality(RMM_1_0, personalityOf(chosen));
    const there = [...RMM_1_0.rmi, ...RMM_1_0.rsi, ...RMM_1_0.psci];
    const now = [...commands.rmi, ...commands.rsi, ...commands.psci];
    const changed = there.filter((command) => !now.includes(command)).map(({ name }) => name);
    // Functions that a switch adds or takes away are no commands of its own.
    const own = deviation.change.set === undefined ? deviation.commands : names(RMM_1_0);
    expect(changed.filter((name) => !own.includes(name))).toEqual([]);
    const differs = changed.length > 0 || names(commands).join() !== names(RMM_1_0).join();
    const otherwise = JSON.stringify(impDef) !== JSON.stringify(SPEC_IMP_DEF);
    expect(differs || otherwise).toBe(deviation.standing !== 'same reading' || deviation.id.startsWith('L'));
  });

  test.each([...SWITCHES.values()])('$id has all its parts', (deviation) => {
    expect(deviation.title).not.toBe('');
    expect(deviation.rule).toMatch(/^(RMM|SMCCC|Arm|DEN)/);
    expect(deviation.specification).toMatch(/\.$/);
    expect(deviation.implementation).toMatch(/\.$/);
    expect(deviation.references.length).toBeGreaterThan(0);
    for (const name of deviation.commands) expect(names(RMM_1_0)).toContain(name);
    for (const { repository, tag, path } of deviation.references) {
      expect(repository).toMatch(/^[\w-]+\/[\w-]+$/);
      expect(tag).not.toBe('');
      expect(path).not.toBe('');
    }
  });
});

describe('a stack', () => {
  const all = STACK_NAMES.map((name) => [name, STACKS[name] as Stack] as const);

  test.each(all)('%s is known by its setting', (name, { setting, alsoHes }) => {
    expect(stackOf(setting)).toBe(name);
    for (const hes of alsoHes) expect(stackOf({ ...setting, hes })).toBe(name);
    const reversed = { ...setting.personality, switches: [...setting.personality.switches].reverse() };
    expect(stackOf({ ...setting, personality: reversed })).toBe(name);
  });

  test.each(all)('%s speaks a dialect that there is', (_, { setting }) => {
    const dialect = dialectNamed(setting.dialect);
    expect(dialect).toBeDefined();
    expect(knobsOf({ ...dialect!, ...setting.parts })).toEqual(setting.parts);
  });

  test.each(all)('%s comes with evidence', (name, { evidence }) => {
    expect(evidence.length > 0).toBe(name !== 'reference');
  });

  test('with one part changed is none', () => {
    const { setting } = STACKS['tf-rmm-rel0'];
    expect(stackOf({ ...setting, hes: 'islet' })).toBe(SYNTHETIC);
    expect(stackOf({ ...setting, remFormula: 'spec-h' })).toBe(SYNTHETIC);
    expect(stackOf({ ...setting, parts: { outer: 907 } })).toBe(SYNTHETIC);
    expect(stackOf({ ...setting, dialect: Object.keys(DIALECTS)[1]! })).toBe(SYNTHETIC);
    expect(stackOf({ ...setting, personality: choose('tf-rmm', ['-D2'])! })).toBe(SYNTHETIC);
    expect(stackOf({ ...setting, personality: choose('islet')! })).toBe(SYNTHETIC);
    expect(stackOf({ ...setting, personality: choose('spec')! })).toBe('reference');
  });

  test.each(['', 'none', 'constructor', '__proto__'])('%j is none', (name) => {
    expect(stackNamed(name)).toBeUndefined();
  });

  test('leaves out what later revisions repaired', () => {
    const repaired = [...SWITCHES.values()].filter((each) => each.repaired !== undefined).map(({ id }) => id);
    expect(repaired).toEqual(['D4', 'D7', 'D22']);
    for (const name of ['tf-rmm-0.8', 'tf-rmm-0.9', 'tf-rmm-main'] as const) {
      const { switches } = STACKS[name].setting.personality;
      expect(repaired.filter((id) => switches.includes(id))).toEqual([]);
    }
  });
});

describe('a behaviour of RSI', () => {
  const knobs = new Set([...SWITCHES.keys(), ...Object.keys(SPEC_IMP_DEF), ...names(RMM_1_0)]);

  test.each(RSI_BEHAVIOURS)('$behaviour: what makes it exists', ({ by, references, rule }) => {
    expect(by.filter((each) => !knobs.has(each))).toEqual([]);
    expect(references.length).toBeGreaterThan(0);
    expect(rule).toMatch(/^RMM 1\.0 /);
  });

  test('where implementations differ, something makes them differ', () => {
    expect(RSI_BEHAVIOURS).toHaveLength(13);
    for (const { behaviour, spec, tfRmm, islet, isletOld, by } of RSI_BEHAVIOURS) {
      expect(by.length > 0, behaviour).toBe(new Set([spec, tfRmm, islet, isletOld]).size > 1);
    }
  });
});
