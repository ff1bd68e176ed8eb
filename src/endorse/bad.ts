import type { Crypto } from '../crypto/index.ts';
import type { KeyTriple, Measurement, MeasurementValue, ReferenceTriple } from './corim.ts';
import type { PlatformDraft } from './platform-corim.ts';
import type { RealmDraft } from './realm-corim.ts';
import type { EndorsementSubject } from './subject.ts';

/**
 * What becomes of a wrong endorsement: `load` is refused when a verifier reads it, `anchor` leaves the token without the
 * key it is signed with, `appraisal` loads and spoils the result for a good token, `tolerated` is a difference that
 * Veraison does not look at (endorsements 2 to 4).
 */
export type BadClass = 'load' | 'anchor' | 'appraisal' | 'tolerated';

/** Claims of a trust vector by their names, as far as they tell this form from others; `all` stands for each. */
export interface ExpectedVector {
  readonly [claim: string]: number;
}

/** What a verifier with these endorsements says of the token that they were made for. */
export interface ExpectedOutcome {
  readonly problem?: string;
  readonly platform?: ExpectedVector;
  readonly realm?: ExpectedVector;
}

/** One endorsement that is wrong on purpose. Edits change what is endorsed, or how a CoRIM of 2025 is written. */
export interface BadForm {
  readonly file: 'platform' | 'realm';
  readonly class: BadClass;
  readonly says: string;
  /** Part of the text with which Veraison's CoRIM library refuses it. */
  readonly error?: string;
  readonly veraison?: ExpectedOutcome;
  /**
   * Of rust-ccatoken and Trustee, where their stores are wrong in the same way: the vectors after `verify` and `appraise`.
   * The second writes over what the first found of the platform; that the Realm has no instance-identity gives it away.
   */
  readonly ccatoken?: ExpectedOutcome;
  readonly subject?: (good: EndorsementSubject, crypto: Crypto) => EndorsementSubject;
  readonly platform?: (good: PlatformDraft) => PlatformDraft;
  readonly realm?: (good: RealmDraft) => RealmDraft;
}

/** Keeps the types of the table and the literal names of its rows. */
export const badForms = <const T extends Readonly<Record<string, BadForm>>>(rows: T): T => rows;

/** Changes the reference values of a platform. */
export const inReference =
  (edit: (triple: ReferenceTriple) => ReferenceTriple) =>
  (draft: PlatformDraft): PlatformDraft => ({ ...draft, reference: draft.reference && edit(draft.reference) });

/** Changes the trust anchor. */
export const inAnchor =
  (edit: (triple: KeyTriple) => KeyTriple) =>
  (draft: PlatformDraft): PlatformDraft => ({ ...draft, anchor: draft.anchor && edit(draft.anchor) });

/** Changes the measurements with a key, the first of them alone when `first` is set. */
export const inMeasurements =
  (key: string, edit: (measurement: Measurement) => Measurement, { first = false } = {}) =>
  (triple: ReferenceTriple): ReferenceTriple => {
    const at = triple.measurements.findIndex((each) => each.key === key);
    return {
      ...triple,
      measurements: triple.measurements.map((each, i) => (each.key !== key || (first && i !== at) ? each : edit(each))),
    };
  };

/** Leaves out the measurements with a key. */
export const withoutMeasurements =
  (key: string) =>
  (triple: ReferenceTriple): ReferenceTriple => ({
    ...triple,
    measurements: triple.measurements.filter((each) => each.key !== key),
  });

/** Changes members of a measurement's value. */
export const withValue =
  (changes: MeasurementValue | ((value: MeasurementValue) => MeasurementValue)) =>
  (measurement: Measurement): Measurement => ({
    ...measurement,
    value: { ...measurement.value, ...(typeof changes === 'function' ? changes(measurement.value) : changes) },
  });

/** Leaves out a member of a measurement's value. */
export const without =
  (name: keyof MeasurementValue) =>
  (measurement: Measurement): Measurement => {
    const { [name]: _, ...value } = measurement.value;
    return { ...measurement, value };
  };

/** The same bytes but for one bit. */
export const flipped = (bytes: Uint8Array): Uint8Array =>
  Uint8Array.from(bytes, (byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte));
