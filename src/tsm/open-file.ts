import {
  isBinary,
  REPORT_ATTRIBUTES,
  type ReportAttribute,
  TEXT_WRITE_MAX,
  TSM_INBLOB_MAX,
  TSM_OUTBLOB_MAX,
} from './attributes.ts';
import { type Answer, fails, ok } from './errno.ts';
import { edited, errnoOf, shortened, type TreeAct, type TreeFaults } from './faults.ts';
import type { Report } from './report.ts';

/** A report that programs may have opened; it is gone once its folder is removed. */
export interface Item {
  readonly report: Report;
  gone: boolean;
}

/** An opened attribute. */
export interface OpenFile {
  read(offset: number, size: number): Answer<Uint8Array>;
  write(offset: number, bytes: Uint8Array): Answer<number>;
  close(): void;
}

const O_ACCMODE = 3;
const O_RDONLY = 0;
const O_WRONLY = 1;

/** Permissions that open flags ask for. An attribute is for reading or for writing: not even root has both. */
const wanted = (flags: number): number => {
  const access = flags & O_ACCMODE;
  if (access === O_RDONLY) return 0o400;
  return access === O_WRONLY ? 0o200 : 0o600;
};

const race = ({ report }: Item, acts: readonly TreeAct[]): void => {
  for (const act of acts) if (act.race !== undefined) report.write('inblob', act.race);
};

/** Opens an attribute, by the rules of fs/configfs/file.c. */
export const openAttribute = (
  item: Item,
  attribute: ReportAttribute,
  flags: number,
  faults: TreeFaults,
): Answer<OpenFile> => {
  const mode = wanted(flags);
  if ((REPORT_ATTRIBUTES[attribute] & mode) !== mode) return fails('EACCES');
  const acts = faults(`tsm.open.${attribute}`, []);
  race(item, acts);
  const failed = errnoOf(acts);
  if (failed !== undefined) return fails(failed);
  return ok(mode === 0o400 ? reader(item, attribute, faults, acts) : writer(item, attribute, faults));
};

/** What the first read found stays what this file shows; only an empty blob is asked for again. */
const reader = (item: Item, attribute: ReportAttribute, faults: TreeFaults, opened: readonly TreeAct[]): OpenFile => {
  let snapshot: Uint8Array | undefined;

  const filled = (): Answer<Uint8Array> => {
    if (snapshot !== undefined) return ok(snapshot);
    if (item.gone) return fails('ENOENT');
    const found = item.report.read(attribute);
    if (!found.ok) return found;
    const bytes = edited(opened, found.value);
    if (isBinary(attribute) && bytes.length > TSM_OUTBLOB_MAX) return fails('EFBIG');
    if (!isBinary(attribute) || bytes.length > 0) snapshot = bytes;
    return ok(bytes);
  };

  return {
    read(offset, size) {
      const acts = faults(`tsm.read.${attribute}`, []);
      race(item, acts);
      const failed = errnoOf(acts);
      if (failed !== undefined) return fails(failed);
      const bytes = filled();
      return bytes.ok ? ok(bytes.value.subarray(offset, offset + shortened(acts, size))) : bytes;
    },
    write: () => fails('EBADF'),
    close: () => undefined,
  };
};

const writer = (item: Item, attribute: ReportAttribute, faults: TreeFaults): OpenFile => {
  /** What was written to a blob so far. */
  let gathered: Uint8Array | undefined;

  const gather = (offset: number, bytes: Uint8Array): Answer<number> => {
    // From the first write on there is something to hand over at the close, even where no byte fits.
    gathered ??= new Uint8Array();
    const end = offset + bytes.length;
    if (end > TSM_INBLOB_MAX) return fails('EFBIG');
    const grown = new Uint8Array(Math.max(end, gathered.length));
    grown.set(gathered);
    grown.set(bytes, offset);
    gathered = grown;
    return ok(bytes.length);
  };

  return {
    read: () => fails('EBADF'),
    write(offset, bytes) {
      const acts = faults(`tsm.write.${attribute}`, [bytes]);
      race(item, acts);
      const failed = errnoOf(acts);
      if (failed !== undefined) return fails(failed);
      const taken = bytes.subarray(0, shortened(acts, bytes.length));
      if (isBinary(attribute)) return gather(offset, taken);
      if (item.gone) return fails('ENOENT');
      // A text attribute takes each write by itself.
      const text = taken.subarray(0, TEXT_WRITE_MAX);
      const stored = item.report.write(attribute, text);
      return stored.ok ? ok(text.length) : stored;
    },
    close() {
      // What the driver says of a blob, nobody hears.
      if (gathered !== undefined && !item.gone) item.report.write(attribute, gathered);
    },
  };
};
