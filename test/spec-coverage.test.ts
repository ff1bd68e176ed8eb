import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RMM_1_0 } from '../src/rmm/index.ts';
import { brokenEdge, type Command, fullOrder, specReference } from '../src/spec/index.ts';

const commands: readonly Command[] = [...RMM_1_0.rmi, ...RMM_1_0.rsi, ...RMM_1_0.psci];
const each = commands.map((command) => [command.name, command] as const);

/** What the specification says of a command, transcribed apart from the code: names and numbers only. */
interface Published {
  readonly section: string;
  readonly fid: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
  readonly order: readonly (readonly [readonly string[], readonly string[]])[];
  readonly success: readonly string[];
  readonly footprint: readonly string[];
}
const published = JSON.parse(readFileSync(new URL('vectors/rmm-1.0-commands.json', import.meta.url), 'utf8'))
  .commands as Readonly<Record<string, Published>>;

/** Values of several registers, under one name here and one name for each register in the text. */
const BYTE_STRINGS: Readonly<Record<string, string>> = { challenge: 'challenge_0', value: 'value_0' };

/** An output that stands in X0 in place of a status, which the text calls the result. */
const IN_PLACE_OF_RESULT = new Set(['version', 'features']);

/** Success conditions of the text that are no predicate of the command here, and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'RMI_REC_ENTER.rec_exit': 'holds when the REC leaves, long after the effect: rows of exits',
  'RMI_REC_ENTER.rec_emul_abt': 'the same',
  'RSI_ATTESTATION_TOKEN_CONTINUE.incomplete': 'is a result: RSI_INCOMPLETE where there is more',
  'RSI_IPA_STATE_SET.new_base': 'holds when the REC is entered again: rows of RSI_IPA_STATE_SET',
  'RSI_IPA_STATE_SET.response': 'the same',
  'PSCI_AFFINITY_INFO.runnable': 'holds after RMI_PSCI_COMPLETE: affinity_on',
  'PSCI_AFFINITY_INFO.not_runnable': 'holds after RMI_PSCI_COMPLETE: affinity_off',
  'PSCI_CPU_ON.entry': 'holds after RMI_PSCI_COMPLETE: on_success',
  'PSCI_CPU_ON.runnable': 'holds after RMI_PSCI_COMPLETE: on_success',
};

/** Footprint items of the text that the command here does not change, and why. */
const NOT_TOUCHED: Readonly<Record<string, string>> = {
  'PSCI_CPU_ON.runnable': 'RMI_PSCI_COMPLETE turns the target on: target_flags',
};

/** Commands without success conditions: what they do is their result, or a transfer of control. */
const RESULT_IS_ALL = ['RMI_VERSION', 'RSI_VERSION', 'RMI_REC_ENTER'];

describe('every command', () => {
  test('is one of those of RMM 1.0, and each of those is there', () => {
    expect(commands.map(({ name }) => name).toSorted()).toEqual(Object.keys(published).toSorted());
    expect(new Set(commands.map(({ fid }) => fid)).size).toBe(commands.length);
  });

  test.each(each)('%s names a section of a known revision', (name, { spec, summary }) => {
    const reference = specReference(spec);
    expect(reference?.revision.name).toBe('RMM 1.0');
    expect(reference?.section).toBe(published[name]?.section);
    expect(summary).toMatch(/^[A-Z].*\.$/s);
  });

  test.each(each)('%s has a sentence for each failure condition', (_, { failures }) => {
    for (const [id, { says }] of Object.entries(failures)) {
      expect(id).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(says).toMatch(/^[a-z].{8,}[^.]$/);
    }
  });

  test.each(each)('%s documents each register, and no two values share one', (_, { inputs, outputs }) => {
    for (const regs of [inputs, outputs]) {
      const taken = Object.values(regs).flatMap(({ first, type }) =>
        Array.from({ length: type.count }, (_, i) => first + i),
      );
      expect(new Set(taken).size).toBe(taken.length);
      expect(taken.every((n) => n <= 16)).toBe(true);
      for (const { doc, type } of Object.values(regs)) {
        expect(doc.length).toBeGreaterThan(5);
        expect(type.kind).not.toBe('');
      }
    }
    expect(Object.values(inputs).every(({ first }) => first >= 1)).toBe(true);
  });

  test.each(each)('%s orders conditions that it has, and keeps that order itself', (_, command) => {
    const ids = Object.keys(command.failures);
    const named = fullOrder(command).flatMap(([left, right]) => [...left, ...right]);
    expect(named.filter((id) => !ids.includes(id))).toEqual([]);
    expect(brokenEdge(ids, fullOrder(command))).toBeUndefined();
    for (const [left, right] of fullOrder(command)) expect(left.filter((id) => right.includes(id))).toEqual([]);
  });

  test.each(each)('%s says what it brings about and what it may change', (name, { success, footprint }) => {
    expect(Object.keys(success).length > 0).toBe(!RESULT_IS_ALL.includes(name));
    for (const predicate of [...Object.values(success), ...Object.values(footprint)]) {
      // One that looks at nothing would hold of anything.
      expect(predicate.length).toBe(1);
    }
  });
});

describe('a command and the text say the same', () => {
  const texts = each.flatMap(([name, command]) => {
    const text = published[name];
    return text === undefined ? [] : [[name, command, text] as const];
  });

  test.each(texts)('%s: function identifier and registers', (_, command, text) => {
    expect(command.fid).toBe(Number(text.fid));
    const registers = (regs: Command['inputs']) =>
      Object.fromEntries(
        Object.entries(regs)
          .filter(([name]) => !IN_PLACE_OF_RESULT.has(name))
          .map(([name, { first, type }]) => [type.count > 1 ? (BYTE_STRINGS[name] ?? name) : name, first]),
      );
    const heads = (regs: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(regs).filter(([name]) => !/_[1-9]$/.test(name)));
    expect(registers(command.inputs)).toEqual(heads(text.inputs));
    expect(registers(command.outputs)).toEqual(heads(text.outputs));
  });

  test.each(texts)('%s: failure conditions and their order', (_, command, text) => {
    expect(Object.keys(command.failures).toSorted()).toEqual(text.failures.toSorted());
    const edges = (order: Published['order'] | Command['order']) =>
      order.flatMap(([left, right]) => left.flatMap((l) => right.map((r) => `${l} < ${r}`))).toSorted();
    expect(edges(command.order)).toEqual(edges(text.order));
  });

  test.each(texts)('%s: success conditions and footprint', (name, command, text) => {
    const missing = text.success.filter((id) => !(id in command.success) && !(`${name}.${id}` in ELSEWHERE));
    expect(missing).toEqual([]);
    const untouched = text.footprint.filter((id) => !(id in command.footprint) && !(`${name}.${id}` in NOT_TOUCHED));
    expect(untouched).toEqual([]);
  });

  test('what is said elsewhere is said in the text', () => {
    const said = Object.entries(published).flatMap(([name, { success, footprint }]) =>
      [...success, ...footprint].map((id) => `${name}.${id}`),
    );
    expect([...Object.keys(ELSEWHERE), ...Object.keys(NOT_TOUCHED)].filter((id) => !said.includes(id))).toEqual([]);
  });
});
