import { concatBytes } from '../bytes/index.ts';
import { isBinary, REPORT_ATTRIBUTES } from './attributes.ts';
import { ERRNO } from './errno.ts';
import {
  dirent,
  FOPEN_DIRECT_IO,
  FUSE_ATOMIC_O_TRUNC,
  FUSE_VERSION,
  FuseAttr,
  FuseAttrOut,
  FuseEntryOut,
  FuseInHeader,
  FuseInitIn,
  FuseInitOut,
  FuseMkdirIn,
  FuseOpenIn,
  FuseOpenOut,
  type FuseOperation,
  FuseReadIn,
  FuseReleaseIn,
  FuseStatfsOut,
  FuseWriteIn,
  FuseWriteOut,
  fuseOperation,
  fuseReply,
  nameOf,
} from './fuse-protocol.ts';
import { ROOT, type Tree } from './tree.ts';

/** Names and attributes only change through this server, so the kernel may keep them for long. */
const CACHE_SECONDS = 3600n;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const DT_DIR = 4;
const DT_REG = 8;
export const FUSE_MAX_WRITE = 128 * 1024;

/** Answers the kernel's requests about a report tree: one request in, one reply out, or none where none is due. */
export type FuseServer = (request: Uint8Array) => Uint8Array | undefined;

type Handler = (nodeid: bigint, body: Uint8Array, unique: bigint) => Uint8Array;

export const createFuseServer = (tree: Tree): FuseServer => {
  const attrOf = (ino: bigint): Uint8Array | undefined => {
    const node = tree.node(ino);
    if (node === undefined) return undefined;
    if (node.kind !== 'attribute') return FuseAttr.encode({ ino, mode: S_IFDIR | 0o755, nlink: 2, blksize: 4096 });
    // The size of a blob is not known before it is read.
    const size = isBinary(node.attribute) ? 0n : 4096n;
    return FuseAttr.encode({ ino, size, mode: S_IFREG | REPORT_ATTRIBUTES[node.attribute], nlink: 1, blksize: 4096 });
  };
  const entry = (ino: bigint, unique: bigint): Uint8Array => {
    const attr = attrOf(ino);
    if (attr === undefined) return fuseReply(unique, ERRNO.ENOENT);
    const times = { entry_valid: CACHE_SECONDS, attr_valid: CACHE_SECONDS };
    return fuseReply(unique, 0, FuseEntryOut.encode({ nodeid: ino, ...times, attr }));
  };
  const attributes: Handler = (nodeid, _, unique) => {
    const attr = attrOf(nodeid);
    if (attr === undefined) return fuseReply(unique, ERRNO.ENOENT);
    return fuseReply(unique, 0, FuseAttrOut.encode({ attr_valid: CACHE_SECONDS, attr }));
  };
  const refused =
    (errno: number): Handler =>
    (_, __, unique) =>
      fuseReply(unique, errno);

  const handlers: { readonly [O in FuseOperation]?: Handler } = {
    INIT(_, body, unique) {
      const { max_readahead } = FuseInitIn.decode(body);
      return fuseReply(
        unique,
        0,
        FuseInitOut.encode({
          ...FUSE_VERSION,
          // An open with O_TRUNC is one request in place of two.
          flags: FUSE_ATOMIC_O_TRUNC,
          max_readahead,
          max_background: 64,
          congestion_threshold: 48,
          max_write: FUSE_MAX_WRITE,
          time_gran: 1,
        }),
      );
    },
    LOOKUP(nodeid, body, unique) {
      const found = tree.lookup(nodeid, nameOf(body));
      return found.ok ? entry(found.value, unique) : fuseReply(unique, ERRNO[found.errno]);
    },
    GETATTR: attributes,
    // A kernel that does not know the flag cuts before it opens, and truncate(2) cuts: there is nothing to cut.
    SETATTR: attributes,
    MKDIR(nodeid, body, unique) {
      const made = tree.mkdir(nodeid, nameOf(body.subarray(FuseMkdirIn.size)));
      return made.ok ? entry(made.value, unique) : fuseReply(unique, ERRNO[made.errno]);
    },
    RMDIR(nodeid, body, unique) {
      const removed = tree.rmdir(nodeid, nameOf(body));
      return fuseReply(unique, removed.ok ? 0 : ERRNO[removed.errno]);
    },
    OPEN(nodeid, body, unique) {
      const opened = tree.open(nodeid, FuseOpenIn.decode(body).flags);
      if (!opened.ok) return fuseReply(unique, ERRNO[opened.errno]);
      return fuseReply(unique, 0, FuseOpenOut.encode({ fh: opened.value, open_flags: FOPEN_DIRECT_IO }));
    },
    READ(_, body, unique) {
      const { fh, offset, size } = FuseReadIn.decode(body);
      const bytes = tree.read(fh, Number(offset), size);
      return bytes.ok ? fuseReply(unique, 0, bytes.value) : fuseReply(unique, ERRNO[bytes.errno]);
    },
    WRITE(_, body, unique) {
      const { fh, offset, size } = FuseWriteIn.decode(body);
      const taken = tree.write(fh, Number(offset), body.subarray(FuseWriteIn.size, FuseWriteIn.size + size));
      if (!taken.ok) return fuseReply(unique, ERRNO[taken.errno]);
      return fuseReply(unique, 0, FuseWriteOut.encode({ size: taken.value }));
    },
    RELEASE(_, body, unique) {
      tree.release(FuseReleaseIn.decode(body).fh);
      return fuseReply(unique, 0);
    },
    OPENDIR: (_, __, unique) => fuseReply(unique, 0, FuseOpenOut.encode({})),
    RELEASEDIR: (_, __, unique) => fuseReply(unique, 0),
    READDIR(nodeid, body, unique) {
      const { offset, size } = FuseReadIn.decode(body);
      const all = [[nodeid, '.', true], [ROOT, '..', true], ...tree.names(nodeid)] as const;
      let listing: Uint8Array = new Uint8Array();
      for (const [i, [ino, name, folder]] of all.entries()) {
        if (BigInt(i) < offset) continue;
        const next = concatBytes(listing, dirent(ino, BigInt(i + 1), folder ? DT_DIR : DT_REG, name));
        if (next.length > size) break;
        listing = next;
      }
      return fuseReply(unique, 0, listing);
    },
    STATFS: (_, __, unique) => fuseReply(unique, 0, FuseStatfsOut.encode({ bsize: 4096, namelen: 255 })),
    ACCESS: (_, __, unique) => fuseReply(unique, 0),
    // Reports are made with mkdir and lost with rmdir; configfs knows no other way for them.
    CREATE: refused(ERRNO.EACCES),
    MKNOD: refused(ERRNO.EPERM),
    SYMLINK: refused(ERRNO.EPERM),
    LINK: refused(ERRNO.EPERM),
    UNLINK: refused(ERRNO.EPERM),
    RENAME: refused(ERRNO.EPERM),
    RENAME2: refused(ERRNO.EPERM),
  };

  return (request) => {
    if (request.length < FuseInHeader.size) return undefined;
    const { opcode, unique, nodeid, len } = FuseInHeader.decode(request);
    const operation = fuseOperation(opcode);
    if (operation === 'FORGET' || operation === 'BATCH_FORGET' || operation === 'INTERRUPT') return undefined;
    const handler = operation === undefined ? undefined : handlers[operation];
    // Everything else, FLUSH among it, is not there: the kernel asks once and never again.
    if (handler === undefined) return fuseReply(unique, ERRNO.ENOSYS);
    return handler(nodeid, request.subarray(FuseInHeader.size, len), unique);
  };
};
