import { type Answer, type Errno, fails, ok } from './errno.ts';
import {
  createReport,
  type Provider,
  REPORT_ATTRIBUTES,
  type Report,
  type ReportAttribute,
  TSM_INBLOB_MAX,
  TSM_OUTBLOB_MAX,
} from './report.ts';

/** What a fault plan may do to an operation on an attribute: nothing, or make it fail. */
export type TreeFault = (operation: 'open' | 'read' | 'write' | 'mkdir', attribute: string) => Errno | undefined;

export interface TreeOptions {
  readonly provider: Provider;
  readonly fault?: TreeFault;
  /** Attributes that this kernel does not show. */
  readonly hidden?: readonly ReportAttribute[];
  /** Most bytes that one read gives. */
  readonly shortReads?: number;
}

/** An inode: the report folder, one report, or an attribute of one. */
export type Node =
  | { readonly kind: 'root' }
  | { readonly kind: 'report'; readonly name: string }
  | { readonly kind: 'attribute'; readonly report: string; readonly attribute: ReportAttribute };

export const ROOT = 1n;
/** Folders that one mount holds at most: it is a test tool, not a place to store things. */
const MAX_REPORTS = 4096;
const NAME_MAX = 255;
const O_ACCMODE = 3;
const O_WRONLY = 1;

interface OpenFile {
  readonly report: Report;
  readonly attribute: ReportAttribute;
  readonly writes: boolean;
  /** What the first read found: one open file sees one report. */
  snapshot: Uint8Array | undefined;
  /** What was written so far, taken at the close. */
  written: Uint8Array | undefined;
}

const BINARY: ReadonlySet<ReportAttribute> = new Set(['inblob', 'outblob', 'auxblob', 'manifestblob']);

/** The tree under tsm/report, as configfs and the report driver show it. */
export interface Tree {
  node(ino: bigint): Node | undefined;
  lookup(parent: bigint, name: string): Answer<bigint>;
  names(ino: bigint): readonly (readonly [ino: bigint, name: string, folder: boolean])[];
  mkdir(parent: bigint, name: string): Answer<bigint>;
  rmdir(parent: bigint, name: string): Answer<undefined>;
  open(ino: bigint, flags: number): Answer<bigint>;
  read(handle: bigint, offset: number, size: number): Answer<Uint8Array>;
  write(handle: bigint, offset: number, bytes: Uint8Array): Answer<number>;
  release(handle: bigint): void;
}

export const createTree = ({ provider, fault, hidden = [], shortReads }: TreeOptions): Tree => {
  const attributes = (Object.keys(REPORT_ATTRIBUTES) as ReportAttribute[]).filter((name) => !hidden.includes(name));
  const reports = new Map<string, { readonly ino: bigint; readonly report: Report }>();
  const nodes = new Map<bigint, Node>([[ROOT, { kind: 'root' }]]);
  const files = new Map<bigint, OpenFile>();
  let nextIno = 16n;
  let nextHandle = 1n;

  const reportOf = (ino: bigint): { readonly ino: bigint; readonly report: Report } | undefined => {
    const node = nodes.get(ino);
    return node?.kind === 'report' ? reports.get(node.name) : undefined;
  };
  const attributeIno = (report: bigint, attribute: ReportAttribute): bigint =>
    report + 1n + BigInt(attributes.indexOf(attribute));

  const snapshotOf = (file: OpenFile): Answer<Uint8Array> => {
    if (file.snapshot !== undefined) return ok(file.snapshot);
    const bytes = file.report.read(file.attribute);
    if (!bytes.ok) return bytes;
    if (bytes.value.length > TSM_OUTBLOB_MAX) return fails('EFBIG');
    file.snapshot = bytes.value;
    return bytes;
  };

  return {
    node: (ino) => nodes.get(ino),

    lookup(parent, name) {
      const node = nodes.get(parent);
      if (node?.kind === 'root') {
        const found = reports.get(name);
        return found === undefined ? fails('ENOENT') : ok(found.ino);
      }
      const report = reportOf(parent);
      if (report === undefined) return fails(node === undefined ? 'ENOENT' : 'ENOTDIR');
      const attribute = attributes.find((each) => each === name);
      return attribute === undefined ? fails('ENOENT') : ok(attributeIno(parent, attribute));
    },

    names(ino) {
      if (ino === ROOT) return [...reports].map(([name, { ino: child }]) => [child, name, true] as const);
      return reportOf(ino) === undefined
        ? []
        : attributes.map((name) => [attributeIno(ino, name), name, false] as const);
    },

    mkdir(parent, name) {
      if (parent !== ROOT) return fails('EPERM');
      const failed = fault?.('mkdir', name);
      if (failed !== undefined) return fails(failed);
      if (reports.has(name)) return fails('EEXIST');
      if (new TextEncoder().encode(name).length > NAME_MAX) return fails('ENAMETOOLONG');
      if (reports.size >= MAX_REPORTS) return fails('EBUSY');
      const ino = nextIno;
      nextIno += 16n;
      reports.set(name, { ino, report: createReport(provider) });
      nodes.set(ino, { kind: 'report', name });
      for (const attribute of attributes) {
        nodes.set(attributeIno(ino, attribute), { kind: 'attribute', report: name, attribute });
      }
      return ok(ino);
    },

    rmdir(parent, name) {
      const found = parent === ROOT ? reports.get(name) : undefined;
      if (found === undefined) return fails(parent === ROOT ? 'ENOENT' : 'ENOTDIR');
      reports.delete(name);
      nodes.delete(found.ino);
      for (const attribute of attributes) nodes.delete(attributeIno(found.ino, attribute));
      return ok(undefined);
    },

    open(ino, flags) {
      const node = nodes.get(ino);
      if (node?.kind !== 'attribute') return fails(node === undefined ? 'ENOENT' : 'EISDIR');
      const report = reports.get(node.report)?.report;
      if (report === undefined) return fails('ENOENT');
      const access = flags & O_ACCMODE;
      const mode = REPORT_ATTRIBUTES[node.attribute];
      const writes = access === O_WRONLY;
      // An attribute is for reading or for writing: not even root has both.
      const wanted = access === O_WRONLY ? 0o200 : access === 0 ? 0o400 : 0o600;
      if ((mode & wanted) !== wanted) return fails('EACCES');
      const failed = fault?.('open', node.attribute);
      if (failed !== undefined) return fails(failed);
      const handle = nextHandle;
      nextHandle += 1n;
      files.set(handle, { report, attribute: node.attribute, writes, snapshot: undefined, written: undefined });
      return ok(handle);
    },

    read(handle, offset, size) {
      const file = files.get(handle);
      if (file === undefined || file.writes) return fails('EBADF');
      const failed = fault?.('read', file.attribute);
      if (failed !== undefined) return fails(failed);
      const bytes = snapshotOf(file);
      if (!bytes.ok) return bytes;
      return ok(bytes.value.subarray(offset, offset + Math.min(size, shortReads ?? size)));
    },

    write(handle, offset, bytes) {
      const file = files.get(handle);
      if (file === undefined || !file.writes) return fails('EBADF');
      const failed = fault?.('write', file.attribute);
      if (failed !== undefined) return fails(failed);
      const end = offset + bytes.length;
      if (!BINARY.has(file.attribute)) {
        // A text attribute takes each write by itself.
        const stored = file.report.write(file.attribute, bytes);
        return stored.ok ? ok(bytes.length) : stored;
      }
      // From the first write on there is something to hand over at the close, even where no byte fits.
      file.written ??= new Uint8Array();
      if (end > TSM_INBLOB_MAX) return fails('EFBIG');
      const grown = new Uint8Array(Math.max(end, file.written.length));
      grown.set(file.written);
      grown.set(bytes, offset);
      file.written = grown;
      return ok(bytes.length);
    },

    release(handle) {
      const file = files.get(handle);
      files.delete(handle);
      // configfs hands a binary attribute over when it is closed; what the driver says then, nobody hears.
      if (file?.written !== undefined) file.report.write(file.attribute, file.written);
    },
  };
};
