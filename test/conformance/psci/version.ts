import { version } from '../../../src/rmm/psci/index.ts';
import { conformance, when } from '../language/conformance.ts';
import { threeRecs } from './support.ts';

export const versionRows = conformance(version, {
  given: threeRecs,
  fails: {},
  succeeds: { version: { 'PSCI 1.1': () => when({}, { out: { version: 0x1_0001n } }) } },
});
