import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/**
 * The doors between rooms, as the table of docs/architecture.md states them: the document is the only source, and the
 * import lines of `src` are held against it.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const src = join(root, 'src');
const document = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** Files beside `index.ts` that other rooms may import: whoever does must not load the rest, or the rest them. */
const INNER_DOORS = [
  'crypto/batch.ts',
  'crypto/ed25519.ts',
  'crypto/noble.ts',
  'crypto/node.ts',
  'crypto/p384.ts',
  'platform/version.ts',
  'trace/sinks/pino.ts',
];

interface Doors {
  /** Rooms, and whether only their types. */
  readonly rooms: ReadonlyMap<string, 'all' | 'types'>;
  /** Package patterns, with the only file of the room that may import them, if there is one. */
  readonly packages: readonly { readonly pattern: string; readonly only: string | undefined }[];
}

const rows = document.split('\n').flatMap((line) => {
  const cells = /^\| `(\w+)` \|.*\| ([^|]+) \|$/.exec(line);
  return cells?.[1] !== undefined && cells[2] !== undefined ? [{ room: cells[1], mayImport: cells[2].trim() }] : [];
});
const roomNames = rows.map(({ room }) => room);

const doorsOf = (room: string, mayImport: string): Doors => {
  const rooms = new Map<string, 'all' | 'types'>();
  const packages: { pattern: string; only: string | undefined }[] = [];
  for (const clause of mayImport.split(/[,;]/).map((part) => part.trim())) {
    const pkg = /^`([^`]+)`(?: in `([^`]+)` alone)?$/.exec(clause);
    const named = /^(\w+)( \(types\))?$/.exec(clause);
    if (clause === '–') continue;
    if (clause === 'all above')
      for (const above of roomNames.slice(0, roomNames.indexOf(room))) rooms.set(above, 'all');
    else if (clause === 'everything') for (const other of roomNames) rooms.set(other, 'all');
    else if (pkg?.[1] !== undefined) packages.push({ pattern: pkg[1], only: pkg[2] });
    else if (named?.[1] !== undefined && roomNames.includes(named[1])) rooms.set(named[1], named[2] ? 'types' : 'all');
    else throw new Error(`docs/architecture.md: ${room}: "${clause}" is no room and no package`);
  }
  return { rooms, packages };
};
const doors = new Map(rows.map(({ room, mayImport }) => [room, doorsOf(room, mayImport)]));

interface Import {
  /** Path below `src`, with `/`. */
  readonly file: string;
  readonly target: string;
  readonly typesOnly: boolean;
  readonly lazy: boolean;
}

const posix = (path: string): string => path.split(sep).join('/');

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => posix(relative(src, join(entry.parentPath, entry.name))));

const importsOf = (file: string): Import[] => {
  const tree = ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.ES2022);
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, typesOnly: boolean, lazy: boolean): void => {
    if (specifier === undefined) return;
    if (!ts.isStringLiteral(specifier)) throw new Error(`${file}: imports something that is computed`);
    const name = specifier.text;
    const target = name.startsWith('.') ? posix(relative(src, resolve(src, dirname(file), name))) : name;
    found.push({ file, target, typesOnly, lazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true, false);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly, false);
    else if (ts.isImportTypeNode(node)) add((node.argument as ts.LiteralTypeNode).literal, true, false);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
};
const imports = files.flatMap(importsOf);

const isOurs = ({ target }: Import): boolean => target.endsWith('.ts');
const roomOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : '');
const says = ({ file, target }: Import): string => `${file} imports ${target}`;

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || name.startsWith(`${pattern}/`);

/** The first cycle that is reached from any node, as the path that closes it. */
const cycleIn = (edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined => {
  const done = new Set<string>();
  const walk = (node: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const cycle = walk(next, [...path, node]);
      if (cycle !== undefined) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const cycle = walk(node, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
};

const grouped = (pairs: readonly (readonly [string, string])[]): Map<string, string[]> => {
  const out = new Map<string, string[]>();
  for (const [from, to] of pairs) out.set(from, [...(out.get(from) ?? []), to]);
  return out;
};

describe('docs/architecture.md', () => {
  test('has a row for each room, and each room is there', () => {
    const folders = new Set(files.map(roomOf).filter((room) => room !== ''));
    expect([...folders].sort()).toEqual([...roomNames].sort());
  });

  test('names the inner doors', () => {
    for (const door of INNER_DOORS) expect(document).toContain(`\`${door}\``);
    expect(INNER_DOORS.filter((door) => !existsSync(join(src, door)))).toEqual([]);
  });

  test('allows no circle of rooms', () => {
    expect(
      cycleIn(new Map([...doors].map(([room, { rooms }]) => [room, [...rooms.keys()].filter((r) => r !== room)]))),
    ).toBe(undefined);
  });
});

describe('each import', () => {
  test('leads to a room that the importing room may open', () => {
    const wrong = imports.filter((each) => {
      const [from, to] = [roomOf(each.file), roomOf(each.target)];
      if (!isOurs(each) || from === '' || to === from) return false;
      const allowed = doors.get(from)?.rooms.get(to);
      return allowed === undefined || (allowed === 'types' && !each.typesOnly);
    });
    expect(wrong.map(says)).toEqual([]);
  });

  test('enters another room by its index.ts or an inner door', () => {
    const wrong = imports.filter((each) => {
      const [from, to] = [roomOf(each.file), roomOf(each.target)];
      return isOurs(each) && to !== from && each.target !== `${to}/index.ts` && !INNER_DOORS.includes(each.target);
    });
    expect(wrong.map(says)).toEqual([]);
  });

  test('of a package is one that the room may use, in the file that may', () => {
    const wrong = imports.filter((each) => {
      if (isOurs(each)) return false;
      const room = roomOf(each.file);
      const found = doors.get(room)?.packages.find(({ pattern }) => matches(pattern, each.target));
      return found === undefined || (found.only !== undefined && each.file !== `${room}/${found.only}`);
    });
    expect(wrong.map(says)).toEqual([]);
  });

  test('is written with the extension .ts and leads to a file', () => {
    const wrong = imports.filter(
      (each) => each.target.startsWith('..') || (isOurs(each) && !files.includes(each.target)),
    );
    expect(wrong.map(says)).toEqual([]);
  });
});

test('the public API names rooms of the core only', () => {
  const edges = ['bridge', 'cli'];
  const reached = imports.filter(({ file }) => file === 'index.ts').map(({ target }) => roomOf(target));
  expect(reached.filter((room) => edges.includes(room))).toEqual([]);
  expect(reached).not.toEqual([]);
});

test('no file imports itself by way of others, when it loads', () => {
  const loading = imports.filter((each) => isOurs(each) && !each.typesOnly && !each.lazy);
  expect(cycleIn(grouped(loading.map(({ file, target }) => [file, target])))).toBe(undefined);
});

test('each room says at its door what it owns and what it does not', () => {
  const silent = roomNames.filter((room) => {
    const [comment = ''] = readFileSync(join(src, room, 'index.ts'), 'utf8').split('*/');
    return !/^\/\*\*.*\bOwns:.*\bDoes not own:/s.test(comment);
  });
  expect(silent).toEqual([]);
});
