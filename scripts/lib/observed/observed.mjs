export { ObservedError, parseRecording } from './file.mjs';
export { observedLibrary } from './library.mjs';

import { Report } from './report.mjs';
import { replayScenarios } from './scenarios.mjs';
import { replaySessions } from './sessions.mjs';
import { replayTokens } from './tokens.mjs';
import { Unplayable } from './value.mjs';

const REPLAYS = { rim_rem_scenarios: replayScenarios, tokens: replayTokens, random_sessions: replaySessions };

/**
 * Replays what a reference RMM was seen to do.
 *
 * @param {import('./observed.d.mts').ObservedLibrary} library
 * @param {import('./observed.d.mts').Boot} boot
 * @param {import('./observed.d.mts').Recording} recording
 * @returns {readonly import('./observed.d.mts').SectionResult[]} section by section
 */
export const replayRecording = (library, boot, { meta, sections }) =>
  sections.map(({ name, entries }) => {
    const report = new Report();
    try {
      REPLAYS[name](library, boot, meta, entries, report);
    } catch (error) {
      if (!(error instanceof Unplayable)) throw error;
      report.fail(name, `cannot be run: ${error.message}`);
    }
    return { name, passed: report.passed, failed: report.failed, lines: report.lines };
  });
