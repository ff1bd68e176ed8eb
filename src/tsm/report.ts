import { type Answer, type Errno, fails, ok } from './errno.ts';

/** What a provider makes of an inblob: a report, or the errno that its driver returns. */
export type Provider = {
  readonly name: string;
  readonly report: (inblob: Uint8Array) => Answer<Uint8Array>;
};

/** Limits of the kernel's report interface (include/linux/tsm.h). */
export const TSM_INBLOB_MAX = 64;
export const TSM_OUTBLOB_MAX = 32 * 1024;
/** Privilege levels that the interface knows; a provider may ask for more than 0. */
export const TSM_PRIVLEVEL_MAX = 3;

/** Attributes of a report, with their permissions (Documentation/ABI/testing/configfs-tsm-report). */
export const REPORT_ATTRIBUTES = {
  inblob: 0o200,
  outblob: 0o400,
  auxblob: 0o400,
  manifestblob: 0o400,
  provider: 0o400,
  generation: 0o400,
  privlevel: 0o200,
  privlevel_floor: 0o400,
  service_provider: 0o200,
  service_guid: 0o200,
  service_manifest_version: 0o200,
} as const;
export type ReportAttribute = keyof typeof REPORT_ATTRIBUTES;

/** One report: the state of a folder under tsm/report. */
export interface Report {
  /** The bytes of an attribute, as the first read of an opened file takes them. */
  read(attribute: ReportAttribute): Answer<Uint8Array>;
  /** The bytes that were written to an attribute, taken when its file is closed. */
  write(attribute: ReportAttribute, bytes: Uint8Array): Answer<undefined>;
}

const text = new TextEncoder();
const WRAP = 2 ** 32;

/** A report of a provider, by the rules of drivers/virt/coco/guest/report.c. */
export const createReport = (provider: Provider): Report => {
  let inblob: Uint8Array | undefined;
  let outblob: Uint8Array | undefined;
  let writeGeneration = 0;
  let readGeneration = 0;

  /** Each change of what the report depends on is counted; a wrap-around without a read between is refused. */
  const advance = (): Errno | undefined => {
    if ((writeGeneration + 1) % WRAP === readGeneration) return 'EBUSY';
    writeGeneration = (writeGeneration + 1) % WRAP;
    return undefined;
  };

  const generated = (): Answer<Uint8Array> => {
    if (inblob === undefined || inblob.length === 0) return fails('EINVAL');
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
          return ok(text.encode(`${provider.name}\n`));
        case 'generation':
          return ok(text.encode(`${writeGeneration}\n`));
        case 'privlevel_floor':
          return ok(text.encode('0\n'));
        default:
          return fails('EACCES');
      }
    },
    write(attribute, bytes) {
      if ((REPORT_ATTRIBUTES[attribute] & 0o200) === 0) return fails('EACCES');
      if (attribute === 'privlevel' && !/^\s*[0-3]\s*$/.test(new TextDecoder().decode(bytes))) return fails('EINVAL');
      const busy = advance();
      if (busy !== undefined) return fails(busy);
      if (attribute === 'inblob') inblob = bytes.slice();
      return ok(undefined);
    },
  };
};

/** The rule of the arm-cca-guest driver: a challenge of 32 to 64 bytes, padded with zeros; anything else is EINVAL. */
export const armCcaGuest = (attest: (challenge: Uint8Array) => Uint8Array | undefined): Provider => ({
  name: 'arm_cca_guest',
  report(inblob) {
    if (inblob.length < 32 || inblob.length > TSM_INBLOB_MAX) return fails('EINVAL');
    const challenge = new Uint8Array(TSM_INBLOB_MAX);
    challenge.set(inblob);
    const token = attest(challenge);
    return token === undefined ? fails('ENXIO') : ok(token);
  },
});
