import { type Answer, fails, ok } from './errno.ts';

/** Limits of the kernel's report interface (include/linux/tsm.h). Older kernels take 32 KiB for an outblob. */
export const TSM_INBLOB_MAX = 64;
export const TSM_OUTBLOB_MAX = 16 * 1024 * 1024;
/** Privilege levels that the interface knows; a provider may ask for more than 0. */
const TSM_PRIVLEVEL_MAX = 3;

/**
 * Attributes of a report, with their permissions (Documentation/ABI/testing/configfs-tsm-report). A provider may hide
 * some; arm_cca_guest hides none, not even those that mean nothing to it.
 */
export const REPORT_ATTRIBUTES = {
  generation: 0o400,
  provider: 0o400,
  privlevel: 0o200,
  privlevel_floor: 0o400,
  service_provider: 0o200,
  service_guid: 0o200,
  service_manifest_version: 0o200,
  inblob: 0o200,
  outblob: 0o400,
  auxblob: 0o400,
  manifestblob: 0o400,
} as const;
export type ReportAttribute = keyof typeof REPORT_ATTRIBUTES;

const BINARY: ReadonlySet<ReportAttribute> = new Set(['inblob', 'outblob', 'auxblob', 'manifestblob']);

/** Whether configfs gathers what is written until the file is closed, and hands out exactly what is there. */
export const isBinary = (attribute: ReportAttribute): boolean => BINARY.has(attribute);

/** What configfs takes of one write to a text attribute. */
export const TEXT_WRITE_MAX = 4095;

const UINT_MAX = 0xffff_ffffn;

/** kstrtouint with base 0: decimal, 0 octal, 0x hexadecimal, perhaps a plus, perhaps one newline at the end. */
const unsigned = (text: string): Answer<bigint> => {
  const digits = /^\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)\n?$/.exec(text)?.[1];
  if (digits === undefined) return fails('EINVAL');
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return value > UINT_MAX ? fails('ERANGE') : ok(value);
};

const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/;
const latin = new TextDecoder('latin1');

/**
 * How the report driver reads a text attribute: what it refuses before the write counts, and what it refuses although
 * the write has counted.
 */
export const checkText = (
  attribute: ReportAttribute,
  bytes: Uint8Array,
): { readonly before: Answer<unknown>; readonly after: Answer<unknown> } => {
  // The text ends with its first NUL, as C reads it.
  const [text = ''] = latin.decode(bytes).split('\0');
  const fine = ok(undefined);
  switch (attribute) {
    case 'privlevel': {
      const level = unsigned(text);
      return { before: level.ok && level.value > TSM_PRIVLEVEL_MAX ? fails('EINVAL') : level, after: fine };
    }
    case 'service_manifest_version':
      return { before: unsigned(text), after: fine };
    case 'service_guid':
      return { before: fine, after: GUID.test(text) ? fine : fails('EINVAL') };
    default:
      return { before: fine, after: fine };
  }
};
