import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../src/bytes/index.ts';
import { FUSE_OPCODE, FuseInHeader, FuseOutHeader } from '../../src/tsm/fuse-protocol.ts';
import { armCcaGuest, createFuseServer, createTree, ERRNO, ok } from '../../src/tsm/index.ts';

const server = () => createFuseServer(createTree({ provider: armCcaGuest(ok) }));
const request = (opcode: number, nodeid: bigint, body: Uint8Array = new Uint8Array()): Uint8Array =>
  concatBytes(FuseInHeader.encode({ len: FuseInHeader.size + body.length, opcode, unique: 9n, nodeid }), body);
const errorOf = (reply: Uint8Array | undefined): number | undefined => reply && -FuseOutHeader.decode(reply).error;

describe('the FUSE server', () => {
  test('answers what it does not have with ENOSYS, so that the kernel does not ask again', () => {
    expect(errorOf(server()(request(FUSE_OPCODE.FLUSH, 1n)))).toBe(ERRNO.ENOSYS);
    expect(errorOf(server()(request(9999, 1n)))).toBe(ERRNO.ENOSYS);
  });

  test.for([
    ['CREATE', 'EACCES'],
    ['MKNOD', 'EPERM'],
    ['SYMLINK', 'EPERM'],
    ['LINK', 'EPERM'],
    ['UNLINK', 'EPERM'],
    ['RENAME', 'EPERM'],
    ['RENAME2', 'EPERM'],
  ] as const)('refuses %s with %s, as configfs does', ([operation, errno]) => {
    expect(errorOf(server()(request(FUSE_OPCODE[operation], 1n, utf8('name\0'))))).toBe(ERRNO[errno]);
  });

  test('keeps silent where no reply is due', () => {
    expect(server()(request(FUSE_OPCODE.FORGET, 1n, new Uint8Array(8)))).toBeUndefined();
    expect(server()(new Uint8Array(3))).toBeUndefined();
  });

  test('says which request it answers, and how long the reply is', () => {
    const reply =
      server()(request(FUSE_OPCODE.MKDIR, 1n, concatBytes(new Uint8Array(8), utf8('a\0')))) ?? new Uint8Array();
    expect(FuseOutHeader.decode(reply)).toEqual({ len: reply.length, error: 0, unique: 9n });
  });

  test('takes any request for any inode', () => {
    const serve = server();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.bigInt({ min: 0n, max: 64n }),
        fc.uint8Array({ maxLength: 200 }),
        (opcode, node, body) => {
          const reply = serve(request(opcode, node, body));
          if (reply !== undefined) expect(FuseOutHeader.decode(reply).len).toBe(reply.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
