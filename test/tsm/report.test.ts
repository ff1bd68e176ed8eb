import { describe, expect, test } from 'vitest';
import { armCcaGuest, createReport, createTree, type Tree } from '../../src/tsm/index.ts';

const O_RDONLY = 0;
const O_WRONLY = 1;
const O_RDWR = 2;
const bytes = (length: number, byte = 7): Uint8Array => new Uint8Array(length).fill(byte);
const echo = () => {
  const challenges: Uint8Array[] = [];
  const provider = armCcaGuest((challenge) => {
    challenges.push(challenge);
    return Uint8Array.of(...challenge, challenges.length);
  });
  return { provider, challenges };
};
const read = (
  report: ReturnType<typeof createReport>,
  attribute: Parameters<typeof report.read>[0],
): string | Uint8Array => {
  const answer = report.read(attribute);
  return answer.ok ? answer.value : answer.errno;
};
const text = (value: string | Uint8Array): string =>
  typeof value === 'string' ? value : new TextDecoder().decode(value);

describe('a report', () => {
  test('is EINVAL before there is an inblob', () => {
    expect(read(createReport(echo().provider), 'outblob')).toBe('EINVAL');
    expect(read(createReport(echo().provider), 'auxblob')).toBe('EINVAL');
  });

  test.for([31, 65])('is EINVAL for an inblob of %i bytes, which is taken all the same', (length) => {
    const report = createReport(echo().provider);
    expect(report.write('inblob', bytes(length)).ok).toBe(true);
    expect(read(report, 'outblob')).toBe('EINVAL');
    expect(text(read(report, 'generation'))).toBe('1\n');
  });

  test.for([32, 48, 64])('pads an inblob of %i bytes with zeros', (length) => {
    const { provider, challenges } = echo();
    const report = createReport(provider);
    report.write('inblob', bytes(length));
    report.read('outblob');
    expect(challenges).toEqual([Uint8Array.of(...bytes(length), ...new Uint8Array(64 - length))]);
  });

  test('is made once for each generation', () => {
    const { provider, challenges } = echo();
    const report = createReport(provider);
    report.write('inblob', bytes(64));
    expect(read(report, 'outblob')).toEqual(read(report, 'outblob'));
    expect(challenges).toHaveLength(1);
    report.write('inblob', bytes(64));
    report.read('outblob');
    expect(challenges).toHaveLength(2);
    expect(text(read(report, 'generation'))).toBe('2\n');
  });

  test('passes on what its driver returns', () => {
    const report = createReport(armCcaGuest(() => undefined));
    report.write('inblob', bytes(64));
    expect(read(report, 'outblob')).toBe('ENXIO');
  });

  test('names its provider and refuses a privilege level that is none', () => {
    const report = createReport(echo().provider);
    expect(text(read(report, 'provider'))).toBe('arm_cca_guest\n');
    expect(report.write('privlevel', new TextEncoder().encode('4\n'))).toEqual({ ok: false, errno: 'EINVAL' });
    expect(report.write('privlevel', new TextEncoder().encode('0\n')).ok).toBe(true);
  });
});

const opened = (tree: Tree, attribute: string, flags: number): bigint | string => {
  const folder = tree.lookup(1n, 'r');
  const file = folder.ok ? tree.lookup(folder.value, attribute) : folder;
  const handle = file.ok ? tree.open(file.value, flags) : file;
  return handle.ok ? handle.value : handle.errno;
};
const writeInblob = (tree: Tree, content: Uint8Array): void => {
  const handle = opened(tree, 'inblob', O_WRONLY) as bigint;
  tree.write(handle, 0, content);
  tree.release(handle);
};

describe('the tree', () => {
  const treeWith = (options: Partial<Parameters<typeof createTree>[0]> = {}): Tree => {
    const tree = createTree({ provider: echo().provider, ...options });
    tree.mkdir(1n, 'r');
    return tree;
  };

  test('has a folder once, and not after it is removed', () => {
    const tree = treeWith();
    expect(tree.mkdir(1n, 'r')).toEqual({ ok: false, errno: 'EEXIST' });
    expect(tree.rmdir(1n, 'r').ok).toBe(true);
    expect(tree.rmdir(1n, 'r')).toEqual({ ok: false, errno: 'ENOENT' });
    expect(tree.lookup(1n, 'r')).toEqual({ ok: false, errno: 'ENOENT' });
  });

  test('opens an attribute for reading or for writing, never for both', () => {
    const tree = treeWith();
    expect(opened(tree, 'inblob', O_RDONLY)).toBe('EACCES');
    expect(opened(tree, 'inblob', O_RDWR)).toBe('EACCES');
    expect(opened(tree, 'outblob', O_WRONLY)).toBe('EACCES');
    expect(opened(tree, 'outblob', O_RDONLY)).toBeTypeOf('bigint');
  });

  test('hands an inblob over when it is closed, in whatever pieces it came', () => {
    const tree = treeWith();
    const handle = opened(tree, 'inblob', O_WRONLY) as bigint;
    tree.write(handle, 0, bytes(20, 1));
    tree.write(handle, 20, bytes(20, 2));
    const early = opened(tree, 'outblob', O_RDONLY) as bigint;
    expect(tree.read(early, 0, 100)).toEqual({ ok: false, errno: 'EINVAL' });
    tree.release(handle);
    const report = tree.read(opened(tree, 'outblob', O_RDONLY) as bigint, 0, 100);
    expect(report.ok && report.value.slice(0, 41)).toEqual(Uint8Array.of(...bytes(20, 1), ...bytes(20, 2), 0));
  });

  test('an inblob of 65 bytes is EFBIG, and leaves an empty one', () => {
    const tree = treeWith();
    writeInblob(tree, bytes(64));
    const handle = opened(tree, 'inblob', O_WRONLY) as bigint;
    expect(tree.write(handle, 0, bytes(65))).toEqual({ ok: false, errno: 'EFBIG' });
    tree.release(handle);
    expect(tree.read(opened(tree, 'outblob', O_RDONLY) as bigint, 0, 1)).toEqual({ ok: false, errno: 'EINVAL' });
  });

  test('an open file keeps the report that it saw first', () => {
    const tree = treeWith();
    writeInblob(tree, bytes(64, 1));
    const first = opened(tree, 'outblob', O_RDONLY) as bigint;
    const before = tree.read(first, 0, 10);
    writeInblob(tree, bytes(64, 2));
    expect(tree.read(first, 0, 10)).toEqual(before);
    expect(tree.read(opened(tree, 'outblob', O_RDONLY) as bigint, 0, 10)).not.toEqual(before);
  });

  test('shows faults: errors, short reads, attributes that are not there', () => {
    const busy = treeWith({
      fault: (operation, attribute) => (operation === 'read' && attribute === 'outblob' ? 'EBUSY' : undefined),
    });
    writeInblob(busy, bytes(64));
    expect(busy.read(opened(busy, 'outblob', O_RDONLY) as bigint, 0, 10)).toEqual({ ok: false, errno: 'EBUSY' });
    const short = treeWith({ shortReads: 3 });
    writeInblob(short, bytes(64));
    expect(short.read(opened(short, 'outblob', O_RDONLY) as bigint, 0, 4096)).toEqual({ ok: true, value: bytes(3) });
    expect(opened(treeWith({ hidden: ['provider'] }), 'provider', O_RDONLY)).toBe('ENOENT');
  });
});
