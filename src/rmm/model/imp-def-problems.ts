import { EL3_INTERFACE_VERSIONS, RMM_MANIFEST_VERSIONS } from '../../abi/index.ts';
import type { ImpDef } from './config.ts';
import { REM_FORMULAS } from './measurement.ts';

/** What a member of ImpDef may be: one of these, or a whole number in a range. */
type Choices<T> = number extends T ? { readonly from: number; readonly to: number } : readonly T[];

const keys = <K extends string>(table: Readonly<Record<K, unknown>>): readonly K[] => Object.keys(table) as K[];

/** What each member may be, but for `chunk`, which is a list. */
export const IMP_DEF_CHOICES: { readonly [K in Exclude<keyof ImpDef, 'chunk'>]: Choices<ImpDef[K]> } = {
  el3Interface: keys(EL3_INTERFACE_VERSIONS),
  el3Manifest: keys(RMM_MANIFEST_VERSIONS),
  maxCpus: { from: 1, to: 4096 },
  attestSigning: ['rmm', 'el3'],
  signSteps: { from: 1, to: 0x1_0000 },
  // None is no RMM that exists: no token fits it.
  tokenBufferGranules: { from: 0, to: 0x1000 },
  remFormula: keys(REM_FORMULAS),
  unlistedOutputs: ['zero', 'preserveX4plus', 'preserveInRealm'],
  fidBits: [64, 32],
  smcccVersion: ['byFeatures', 'always1.2'],
  rsiFaultHpfar: ['page', 'withOffset'],
  rsiFaultLevelMinus1: ['architecture', 'arithmetic'],
  hostCallIntoEmpty: ['succeeds', 'leavesX0'],
  hostCallFaultDevices: ['reported', 'zero'],
  unprotectedAbort: ['sanitised', 'asEmulatable'],
  emulationAt: ['unprotected', 'anywhere'],
  outsideIpaSpace: ['ADDRESS_SIZE', 'SEA'],
  waitSyndrome: ['whole', 'ti0'],
  serrorClass: ['given', 'missing'],
  rejects: ['toRam', 'any'],
  entriesAtLevelMinus1: [16, 512],
};

const CHUNK = { from: 1, to: 0x1000, pieces: 0x1000 };

const within = (value: unknown, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  Number.isInteger(value) && Number(value) >= from && Number(value) <= to;

/** Names what makes choices unusable, one sentence each. */
export const impDefProblems = (impDef: Partial<ImpDef>): string[] =>
  Object.entries(impDef).flatMap(([name, value]) => {
    if (name === 'chunk') {
      const fits = Array.isArray(value) && value.length > 0 && value.length <= CHUNK.pieces;
      return fits && value.every((size) => within(size, CHUNK)) ? [] : ['chunk must list sizes of 1 to 4096'];
    }
    const choices = Object.hasOwn(IMP_DEF_CHOICES, name) ? IMP_DEF_CHOICES[name as keyof typeof IMP_DEF_CHOICES] : [];
    if ('from' in choices) {
      return within(value, choices) ? [] : [`${name} must be ${choices.from} to ${choices.to}`];
    }
    return (choices as readonly unknown[]).includes(value) ? [] : [`${name} must be one of ${choices.join(', ')}`];
  });
