/** A file that holds no recording: the sentence says what is wrong. */
export class ObservedError extends Error {}

/** The sections that can be replayed; the others of a recording are prose. */
export const SECTIONS = ['rim_rem_scenarios', 'tokens', 'random_sessions'];

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Integers that a double cannot hold become the hexadecimal text that other numbers of a recording are. */
const exactIntegers = (json) =>
  json.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"0x${BigInt.asUintN(64, BigInt(token)).toString(16)}"`,
  );

/**
 * Reads a recording. Only its outline is looked at: what is inside a section is for whoever replays it to take or refuse.
 *
 * @param {string} json
 * @returns {import('./observed.d.mts').Recording}
 * @throws {ObservedError}
 */
export const parseRecording = (json) => {
  let file;
  try {
    file = JSON.parse(exactIntegers(json));
  } catch (error) {
    throw new ObservedError(`is not JSON: ${error.message}`);
  }
  if (!isObject(file)) throw new ObservedError('is not an object');
  const sections = SECTIONS.filter((name) => Object.hasOwn(file, name));
  if (sections.length === 0) throw new ObservedError(`has none of the sections ${SECTIONS.join(', ')}`);
  return { meta: file.meta, sections: sections.map((name) => ({ name, entries: file[name] })) };
};
