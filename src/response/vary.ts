import { decodeScript } from './codec.ts';
import { ACT_SIZE, DEFAULT_SIZE, type ResponseScript, SETTINGS_SIZE } from './format.ts';

/** Sizes of tokens and pieces that lie at boundaries. */
const SIZES: readonly number[] = [0, 1, 7, 64, 4095, 4096, 4097, 8191, 8192, 8193];

/**
 * A script out of random bytes. `draw` gives so many; the same bytes give the same script.
 *
 * Half of the settings lie at boundaries, where clients go wrong; rules are any.
 */
export const randomScript = (draw: (length: number) => Uint8Array, mostActs = 8): ResponseScript => {
  const [acts = 0, total = 0, chunk = 0] = draw(3);
  const bytes = Uint8Array.from(draw(SETTINGS_SIZE + ACT_SIZE * (acts % (mostActs + 1))));
  const settle = (at: number, choice: number): void => {
    const size = SIZES[choice % (2 * SIZES.length)];
    if (size === undefined) return;
    bytes[at] = size & 0xff;
    bytes[at + 1] = size >> 8;
  };
  settle(0, total);
  settle(2, chunk);
  return decodeScript(bytes);
};

/**
 * Scripts that are simpler than one, the simplest first: with fewer rules, with fewer acts, with rules that hold for fewer
 * calls, with the usual sizes. A reproducer is shrunk by taking the first that still shows what it shows, again and again.
 */
export function* simplerScripts(script: ResponseScript): Generator<ResponseScript> {
  const { rules } = script;
  for (let size = rules.length; size >= 1; size >>= 1) {
    for (let at = 0; at < rules.length; at += size)
      yield { ...script, rules: rules.filter((_, i) => i < at || i >= at + size) };
  }
  const replaced = (at: number, rule: (typeof rules)[number]): ResponseScript => ({
    ...script,
    rules: rules.map((each, i) => (i === at ? rule : each)),
  });
  for (const [at, rule] of rules.entries()) {
    if (rule.acts.length > 1) {
      for (const index of rule.acts.keys())
        yield replaced(at, { ...rule, acts: rule.acts.filter((_, i) => i !== index) });
    }
    if (rule.times === Number.POSITIVE_INFINITY) yield replaced(at, { ...rule, times: 255 });
    else if (rule.times > 1) {
      yield replaced(at, { ...rule, times: 1 });
      yield replaced(at, { ...rule, times: rule.times >> 1 });
      yield replaced(at, { ...rule, times: rule.times - 1 });
    }
  }
  if (script.total !== DEFAULT_SIZE) yield { ...script, total: DEFAULT_SIZE };
  if (script.chunk !== DEFAULT_SIZE) yield { ...script, chunk: DEFAULT_SIZE };
}
