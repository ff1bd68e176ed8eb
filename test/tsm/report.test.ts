import { describe, expect, test } from 'vitest';
import { armCcaGuest, createReport, createTree, fails, ok, type Tree, type TreeAct } from '../../src/tsm/index.ts';

const O_RDONLY = 0;
const O_WRONLY = 1;
const O_RDWR = 2;
const bytes = (length: number, byte = 7): Uint8Array => new Uint8Array(length).fill(byte);
const echo = () => {
  const challenges: Uint8Array[] = [];
  const provider = armCcaGuest((challenge) => {
    challenges.push(challenge);
    return ok(Uint8Array.of(...challenge, challenges.length));
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

  test.for([
    [40_000, true],
    [16 << 20, true],
    [(16 << 20) + 1, false],
  ] as const)('of %i bytes can be read: %s', ([length, isRead]) => {
    const tree = createTree({ provider: armCcaGuest(() => ok(bytes(length))) });
    tree.mkdir(1n, 'r');
    writeInblob(tree, bytes(64));
    const answer = tree.read(opened(tree, 'outblob', O_RDONLY) as bigint, 0, length);
    expect(answer.ok ? answer.value.length : answer.errno).toBe(isRead ? length : 'EFBIG');
  });

  test('passes on what its driver returns', () => {
    const report = createReport(armCcaGuest(() => fails('ENXIO')));
    report.write('inblob', bytes(64));
    expect(read(report, 'outblob')).toBe('ENXIO');
    expect(read(report, 'auxblob')).toBe('ENXIO');
  });

  test('names its provider', () => {
    const report = createReport(echo().provider);
    expect(text(read(report, 'provider'))).toBe('arm_cca_guest\n');
    expect(text(read(report, 'privlevel_floor'))).toBe('0\n');
  });

  test('has empty blobs beside the report, once it can be made', () => {
    const report = createReport(echo().provider);
    report.write('inblob', bytes(64));
    expect(read(report, 'auxblob')).toEqual(bytes(0));
    expect(read(report, 'manifestblob')).toEqual(bytes(0));
  });

  test.for<[string, string, string, string]>([
    ['privlevel', '0\n', 'taken', '1\n'],
    ['privlevel', '0x3', 'taken', '1\n'],
    ['privlevel', '+03\n', 'taken', '1\n'],
    ['privlevel', '4\n', 'EINVAL', '0\n'],
    ['privlevel', ' 1', 'EINVAL', '0\n'],
    ['privlevel', '-1', 'EINVAL', '0\n'],
    ['privlevel', '', 'EINVAL', '0\n'],
    ['privlevel', '4294967296', 'ERANGE', '0\n'],
    ['service_manifest_version', '4294967295', 'taken', '1\n'],
    ['service_manifest_version', 'one', 'EINVAL', '0\n'],
    ['service_provider', 'svsm\n', 'taken', '1\n'],
    ['service_guid', '00000000-0000-0000-0000-000000000000', 'taken', '1\n'],
    // The driver counts the write, clears the GUID, and then finds that it is none.
    ['service_guid', 'none', 'EINVAL', '1\n'],
    ['outblob', 'x', 'EACCES', '0\n'],
  ])('%s written with %j: %s', ([attribute, content, outcome, generation]) => {
    const report = createReport(echo().provider);
    const answer = report.write(attribute as 'privlevel', new TextEncoder().encode(content));
    expect(answer.ok ? 'taken' : answer.errno).toBe(outcome);
    expect(text(read(report, 'generation'))).toBe(generation);
  });

  test('is made anew after any option is written', () => {
    const { provider, challenges } = echo();
    const report = createReport(provider);
    report.write('inblob', bytes(64));
    report.read('outblob');
    report.write('privlevel', new TextEncoder().encode('0'));
    report.read('outblob');
    expect(challenges).toHaveLength(2);
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

  test('an opened file of a removed report has nothing more to show, and takes nothing', () => {
    const tree = treeWith();
    writeInblob(tree, bytes(64));
    const seen = opened(tree, 'outblob', O_RDONLY) as bigint;
    const unseen = opened(tree, 'outblob', O_RDONLY) as bigint;
    const level = opened(tree, 'privlevel', O_WRONLY) as bigint;
    const before = tree.read(seen, 0, 8);
    tree.rmdir(1n, 'r');
    expect(tree.read(seen, 0, 8)).toEqual(before);
    expect(tree.read(unseen, 0, 8)).toEqual({ ok: false, errno: 'ENOENT' });
    expect(tree.write(level, 0, new TextEncoder().encode('0'))).toEqual({ ok: false, errno: 'ENOENT' });
  });

  test('an inblob that is opened and closed leaves the report as it was', () => {
    const tree = treeWith();
    writeInblob(tree, bytes(64));
    tree.release(opened(tree, 'inblob', O_WRONLY) as bigint);
    expect(tree.read(opened(tree, 'outblob', O_RDONLY) as bigint, 0, 64).ok).toBe(true);
  });

  test('a gap in what was written is zeros', () => {
    const tree = treeWith();
    const handle = opened(tree, 'inblob', O_WRONLY) as bigint;
    tree.write(handle, 40, bytes(1));
    tree.release(handle);
    const report = tree.read(opened(tree, 'outblob', O_RDONLY) as bigint, 0, 64);
    expect(report.ok && report.value).toEqual(Uint8Array.of(...bytes(40, 0), 7, ...bytes(23, 0)));
  });

  test('shows every attribute that the kernel has, those that mean nothing to the provider too', () => {
    const tree = treeWith();
    const folder = tree.lookup(1n, 'r');
    expect(tree.names(folder.ok ? folder.value : 0n).map(([, name]) => name)).toEqual([
      'generation',
      'provider',
      'privlevel',
      'privlevel_floor',
      'service_provider',
      'service_guid',
      'service_manifest_version',
      'inblob',
      'outblob',
      'auxblob',
      'manifestblob',
    ]);
  });
});

describe('faults', () => {
  /** A tree in which one kind of call goes wrong. */
  const faulty = (call: string, act: TreeAct): Tree => {
    const tree = createTree({ provider: echo().provider, faults: (asked) => (asked === call ? [act] : []) });
    tree.mkdir(1n, 'r');
    return tree;
  };
  const outblob = (tree: Tree, size = 4096): string | Uint8Array => {
    const handle = opened(tree, 'outblob', O_RDONLY);
    if (typeof handle === 'string') return handle;
    const answer = tree.read(handle, 0, size);
    return answer.ok ? answer.value : answer.errno;
  };

  test.for(['tsm.open.outblob', 'tsm.read.outblob'])('an errno of %s reaches the program', (call) => {
    const tree = faulty(call, { errno: 'EINTR' });
    writeInblob(tree, bytes(64));
    expect(outblob(tree)).toBe('EINTR');
  });

  test('an errno of the folder itself reaches the program', () => {
    expect(faulty('tsm.rmdir', { errno: 'EBUSY' }).rmdir(1n, 'r')).toEqual({ ok: false, errno: 'EBUSY' });
    const tree = faulty('tsm.mkdir', { errno: 'ENXIO' });
    expect(tree.mkdir(1n, 'other')).toEqual({ ok: false, errno: 'ENXIO' });
    expect(tree.names(1n)).toEqual([]);
  });

  test('a read gives less than was asked for, and a write takes less', () => {
    const short = faulty('tsm.read.outblob', { short: 3 });
    writeInblob(short, bytes(64));
    expect(outblob(short)).toEqual(bytes(3));
    const writing = faulty('tsm.write.inblob', { short: 40 });
    const handle = opened(writing, 'inblob', O_WRONLY) as bigint;
    expect(writing.write(handle, 0, bytes(64))).toEqual({ ok: true, value: 40 });
  });

  test('a program that is raced gets the report of another, and can tell by the generation', () => {
    const tree = faulty('tsm.open.outblob', { race: bytes(64, 9) });
    writeInblob(tree, bytes(64));
    expect((outblob(tree) as Uint8Array).subarray(0, 64)).toEqual(bytes(64, 9));
    const generation = tree.read(opened(tree, 'generation', O_RDONLY) as bigint, 0, 10);
    expect(generation.ok && text(generation.value)).toBe('2\n');
  });

  test('a file shows other bytes, each read the same', () => {
    const tree = faulty('tsm.open.provider', { edit: () => new TextEncoder().encode('tdx_guest\n') });
    const handle = opened(tree, 'provider', O_RDONLY) as bigint;
    const parts = [tree.read(handle, 0, 4), tree.read(handle, 4, 100)].map((part) => (part.ok ? text(part.value) : ''));
    expect(parts).toEqual(['tdx_', 'guest\n']);
  });

  test('attributes are not there', () => {
    const tree = faulty('tsm.mkdir', { hide: ['provider', 'auxblob'] });
    expect(opened(tree, 'provider', O_RDONLY)).toBe('ENOENT');
    expect(opened(tree, 'auxblob', O_RDONLY)).toBe('ENOENT');
    expect(opened(tree, 'generation', O_RDONLY)).toBeTypeOf('bigint');
  });
});
