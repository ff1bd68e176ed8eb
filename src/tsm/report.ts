import { utf8 } from '../bytes/index.ts';
import { checkText, isBinary, REPORT_ATTRIBUTES, type ReportAttribute, TSM_INBLOB_MAX } from './attributes.ts';
import { type Answer, fails, ok } from './errno.ts';

/** What a provider makes of an inblob: a report, or the errno that its driver returns. */
export type Provider = {
  readonly name: string;
  readonly report: (inblob: Uint8Array) => Answer<Uint8Array>;
};

/** One report: the state of a folder under tsm/report. */
export interface Report {
  /** The bytes of an attribute, as the first read of an opened file takes them. */
  read(attribute: ReportAttribute): Answer<Uint8Array>;
  /** The bytes that were written to an attribute: a blob when its file is closed, a text at once. */
  write(attribute: ReportAttribute, bytes: Uint8Array): Answer<undefined>;
}

/**
 * A report of a provider, by the rules of drivers/virt/coco/guest/report.c. Its counter of generations is 64 bits wide;
 * the EBUSY of a wrap-around comes only from a fault plan.
 */
export const createReport = (provider: Provider): Report => {
  let inblob: Uint8Array = new Uint8Array();
  let outblob: Uint8Array | undefined;
  let writeGeneration = 0n;
  let readGeneration = 0n;

  const generated = (): Answer<Uint8Array> => {
    if (inblob.length === 0) return fails('EINVAL');
    if (outblob !== undefined && readGeneration === writeGeneration) return ok(outblob);
    outblob = undefined;
    const made = provider.report(inblob);
    if (!made.ok) return made;
    outblob = made.value;
    readGeneration = writeGeneration;
    return made;
  };

  return {
    read(attribute) {
      switch (attribute) {
        case 'outblob':
          return generated();
        case 'auxblob':
        case 'manifestblob': {
          // Providers of this kind have none, but a report has to be made before the kernel can say so.
          const made = generated();
          return made.ok ? ok(new Uint8Array()) : made;
        }
        case 'provider':
          return ok(utf8(`${provider.name}\n`));
        case 'generation':
          return ok(utf8(`${writeGeneration}\n`));
        case 'privlevel_floor':
          return ok(utf8('0\n'));
        default:
          return fails('EACCES');
      }
    },
    write(attribute, bytes) {
      if ((REPORT_ATTRIBUTES[attribute] & 0o200) === 0) return fails('EACCES');
      const fine = ok(undefined);
      const { before, after } = isBinary(attribute) ? { before: fine, after: fine } : checkText(attribute, bytes);
      if (!before.ok) return before;
      writeGeneration += 1n;
      if (attribute === 'inblob') inblob = bytes.slice();
      return after.ok ? fine : after;
    },
  };
};

/**
 * The rule of the arm-cca-guest driver: a challenge of 32 to 64 bytes, padded with zeros; anything else is EINVAL before
 * the RMM hears of it.
 */
export const armCcaGuest = (attest: (challenge: Uint8Array) => Answer<Uint8Array>): Provider => ({
  name: 'arm_cca_guest',
  report(inblob) {
    if (inblob.length < 32 || inblob.length > TSM_INBLOB_MAX) return fails('EINVAL');
    const challenge = new Uint8Array(TSM_INBLOB_MAX);
    challenge.set(inblob);
    return attest(challenge);
  },
});
