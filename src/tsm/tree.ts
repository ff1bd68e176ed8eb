import { utf8 } from '../bytes/index.ts';
import { REPORT_ATTRIBUTES, type ReportAttribute } from './attributes.ts';
import { type Answer, fails, ok } from './errno.ts';
import { errnoOf, NO_FAULTS, type TreeFaults } from './faults.ts';
import { type Item, type OpenFile, openAttribute } from './open-file.ts';
import { createReport, type Provider } from './report.ts';

export interface TreeOptions {
  readonly provider: Provider;
  readonly faults?: TreeFaults | undefined;
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
const ATTRIBUTES = Object.keys(REPORT_ATTRIBUTES) as ReportAttribute[];
/** A report and its attributes take so many inodes in a row. */
const INODES = 16n;

interface Folder extends Item {
  readonly ino: bigint;
  readonly attributes: readonly ReportAttribute[];
}

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

export const createTree = ({ provider, faults = NO_FAULTS }: TreeOptions): Tree => {
  const folders = new Map<string, Folder>();
  const nodes = new Map<bigint, Node>([[ROOT, { kind: 'root' }]]);
  const files = new Map<bigint, OpenFile>();
  let nextIno = INODES;
  let nextHandle = 1n;

  const folderOf = (ino: bigint): Folder | undefined => {
    const node = nodes.get(ino);
    return node?.kind === 'report' ? folders.get(node.name) : undefined;
  };
  const attributeIno = (folder: bigint, attribute: ReportAttribute): bigint =>
    folder + 1n + BigInt(ATTRIBUTES.indexOf(attribute));

  return {
    node: (ino) => nodes.get(ino),

    lookup(parent, name) {
      const node = nodes.get(parent);
      if (node?.kind === 'root') {
        const found = folders.get(name);
        return found === undefined ? fails('ENOENT') : ok(found.ino);
      }
      const folder = folderOf(parent);
      if (folder === undefined) return fails(node === undefined ? 'ENOENT' : 'ENOTDIR');
      const attribute = folder.attributes.find((each) => each === name);
      return attribute === undefined ? fails('ENOENT') : ok(attributeIno(parent, attribute));
    },

    names(ino) {
      if (ino === ROOT) return [...folders].map(([name, { ino: child }]) => [child, name, true] as const);
      return (folderOf(ino)?.attributes ?? []).map((name) => [attributeIno(ino, name), name, false] as const);
    },

    mkdir(parent, name) {
      if (parent !== ROOT) return fails('EPERM');
      const acts = faults('tsm.mkdir', []);
      const failed = errnoOf(acts);
      if (failed !== undefined) return fails(failed);
      if (folders.has(name)) return fails('EEXIST');
      if (utf8(name).length > NAME_MAX) return fails('ENAMETOOLONG');
      if (folders.size >= MAX_REPORTS) return fails('ENOMEM');
      const hidden = new Set(acts.flatMap(({ hide = [] }) => hide));
      const attributes = ATTRIBUTES.filter((attribute) => !hidden.has(attribute));
      const ino = nextIno;
      nextIno += INODES;
      folders.set(name, { ino, attributes, report: createReport(provider), gone: false });
      nodes.set(ino, { kind: 'report', name });
      for (const attribute of attributes) {
        nodes.set(attributeIno(ino, attribute), { kind: 'attribute', report: name, attribute });
      }
      return ok(ino);
    },

    rmdir(parent, name) {
      const found = parent === ROOT ? folders.get(name) : undefined;
      if (found === undefined) return fails(parent === ROOT ? 'ENOENT' : 'ENOTDIR');
      const failed = errnoOf(faults('tsm.rmdir', []));
      if (failed !== undefined) return fails(failed);
      found.gone = true;
      folders.delete(name);
      nodes.delete(found.ino);
      for (const attribute of found.attributes) nodes.delete(attributeIno(found.ino, attribute));
      return ok(undefined);
    },

    open(ino, flags) {
      const node = nodes.get(ino);
      if (node?.kind !== 'attribute') return fails(node === undefined ? 'ENOENT' : 'EISDIR');
      const folder = folders.get(node.report);
      if (folder === undefined) return fails('ENOENT');
      const file = openAttribute(folder, node.attribute, flags, faults);
      if (!file.ok) return file;
      const handle = nextHandle;
      nextHandle += 1n;
      files.set(handle, file.value);
      return ok(handle);
    },

    read: (handle, offset, size) => files.get(handle)?.read(offset, size) ?? fails('EBADF'),
    write: (handle, offset, bytes) => files.get(handle)?.write(offset, bytes) ?? fails('EBADF'),

    release(handle) {
      files.get(handle)?.close();
      files.delete(handle);
    },
  };
};
