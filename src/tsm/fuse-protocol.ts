import { at, bytes, concatBytes, type Field, i64, layout, padEnd, u16, u32, u64, utf8 } from '../bytes/index.ts';

/** FUSE as the kernel speaks it (include/uapi/linux/fuse.h, protocol 7.31). */
export const FUSE_VERSION = { major: 7, minor: 31 } as const;

const SPEC = 'linux/fuse.h 7.31';

/** A signed 32-bit number: how a reply says its errno. */
const i32: Field<number> = {
  kind: 'i32',
  size: 4,
  zero: 0,
  get: (view, offset) => view.getInt32(offset, true),
  put: (view, offset, value) => view.setInt32(offset, value, true),
};

export const FUSE_OPCODE = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  SYMLINK: 6,
  MKNOD: 8,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  LINK: 13,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  ACCESS: 34,
  CREATE: 35,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
  RENAME2: 45,
} as const;
export type FuseOperation = keyof typeof FUSE_OPCODE;

const OPERATIONS = new Map(
  Object.entries(FUSE_OPCODE).map(([name, value]) => [value as number, name as FuseOperation]),
);

export const fuseOperation = (opcode: number): FuseOperation | undefined => OPERATIONS.get(opcode);

export const FuseInHeader = layout(
  'fuse_in_header',
  { size: 40, spec: SPEC },
  {
    len: at(0, u32, 'bytes of the whole request'),
    opcode: at(4, u32, 'operation'),
    unique: at(8, u64, 'identifies the request'),
    nodeid: at(16, u64, 'inode'),
    uid: at(24, u32, 'user'),
    gid: at(28, u32, 'group'),
    pid: at(32, u32, 'process'),
  },
);

export const FuseOutHeader = layout(
  'fuse_out_header',
  { size: 16, spec: SPEC },
  {
    len: at(0, u32, 'bytes of the whole reply'),
    error: at(4, i32, 'negative errno, or 0'),
    unique: at(8, u64, 'the request that is answered'),
  },
);

export const FuseInitIn = layout(
  'fuse_init_in',
  { size: 16, spec: SPEC },
  {
    major: at(0, u32, 'protocol major'),
    minor: at(4, u32, 'protocol minor'),
    max_readahead: at(8, u32, 'bytes'),
    flags: at(12, u32, 'capabilities'),
  },
);

/** A capability: the kernel leaves O_TRUNC to the open. */
export const FUSE_ATOMIC_O_TRUNC = 1 << 3;

export const FuseInitOut = layout(
  'fuse_init_out',
  { size: 64, spec: SPEC },
  {
    major: at(0, u32, 'protocol major'),
    minor: at(4, u32, 'protocol minor'),
    max_readahead: at(8, u32, 'bytes'),
    flags: at(12, u32, 'capabilities'),
    max_background: at(16, u16, 'requests in the background'),
    congestion_threshold: at(18, u16, 'requests'),
    max_write: at(20, u32, 'bytes of one write'),
    time_gran: at(24, u32, 'nanoseconds'),
    max_pages: at(28, u16, 'pages of one request'),
  },
);

export const FuseAttr = layout(
  'fuse_attr',
  { size: 88, spec: SPEC },
  {
    ino: at(0, u64, 'inode'),
    size: at(8, u64, 'bytes'),
    mode: at(60, u32, 'type and permissions'),
    nlink: at(64, u32, 'links'),
    blksize: at(80, u32, 'bytes'),
  },
);

export const FuseEntryOut = layout(
  'fuse_entry_out',
  { size: 40 + FuseAttr.size, spec: SPEC },
  {
    nodeid: at(0, u64, 'inode'),
    generation: at(8, u64, 'distinguishes inodes that are used again'),
    entry_valid: at(16, u64, 'seconds that the name may be cached'),
    attr_valid: at(24, u64, 'seconds that the attributes may be cached'),
    attr: at(40, bytes(FuseAttr.size), 'attributes'),
  },
);

export const FuseAttrOut = layout(
  'fuse_attr_out',
  { size: 16 + FuseAttr.size, spec: SPEC },
  {
    attr_valid: at(0, u64, 'seconds that the attributes may be cached'),
    attr: at(16, bytes(FuseAttr.size), 'attributes'),
  },
);

export const FuseOpenIn = layout('fuse_open_in', { size: 8, spec: SPEC }, { flags: at(0, u32, 'open(2) flags') });

export const FuseOpenOut = layout(
  'fuse_open_out',
  { size: 16, spec: SPEC },
  {
    fh: at(0, u64, 'file handle'),
    open_flags: at(8, u32, 'how the kernel treats the file'),
  },
);
/** Reads and writes go to the server as they are made. */
export const FOPEN_DIRECT_IO = 1;

/** Where in which file a read or a write is, and how long. */
const transfer = (name: string) =>
  layout(
    name,
    { size: 40, spec: SPEC },
    {
      fh: at(0, u64, 'file handle'),
      offset: at(8, u64, 'bytes'),
      size: at(16, u32, 'bytes'),
    },
  );
export const FuseReadIn = transfer('fuse_read_in');
export const FuseWriteIn = transfer('fuse_write_in');

export const FuseWriteOut = layout('fuse_write_out', { size: 8, spec: SPEC }, { size: at(0, u32, 'bytes taken') });

export const FuseReleaseIn = layout('fuse_release_in', { size: 24, spec: SPEC }, { fh: at(0, u64, 'file handle') });

export const FuseMkdirIn = layout('fuse_mkdir_in', { size: 8, spec: SPEC }, { mode: at(0, u32, 'permissions') });

export const FuseSetattrIn = layout(
  'fuse_setattr_in',
  { size: 88, spec: SPEC },
  {
    valid: at(0, u32, 'which members are set'),
    fh: at(8, u64, 'file handle'),
    size: at(16, i64, 'bytes'),
  },
);

export const FuseStatfsOut = layout(
  'fuse_statfs_out',
  { size: 80, spec: SPEC },
  {
    bsize: at(40, u32, 'bytes of a block'),
    namelen: at(44, u32, 'longest name'),
  },
);

const DIRENT_HEAD = layout(
  'fuse_dirent',
  { size: 24, spec: SPEC },
  {
    ino: at(0, u64, 'inode'),
    off: at(8, u64, 'where the next entry begins'),
    namelen: at(16, u32, 'bytes of the name'),
    type: at(20, u32, 'type of the inode'),
  },
);

/** One entry of a directory, padded to 8 bytes. */
export const dirent = (ino: bigint, off: bigint, type: number, name: string): Uint8Array => {
  const text = utf8(name);
  const head = DIRENT_HEAD.encode({ ino, off, namelen: text.length, type });
  return padEnd(concatBytes(head, text), Math.ceil((DIRENT_HEAD.size + text.length) / 8) * 8);
};

/** A reply: to a request, an errno or a body. */
export const fuseReply = (unique: bigint, errno: number, body: Uint8Array = new Uint8Array()): Uint8Array =>
  concatBytes(FuseOutHeader.encode({ len: FuseOutHeader.size + body.length, error: -errno, unique }), body);

/** The bytes of a request's name, which ends with NUL. */
export const nameOf = (body: Uint8Array): string => {
  const end = body.indexOf(0);
  return new TextDecoder().decode(end < 0 ? body : body.subarray(0, end));
};
