import { badInput } from '../exit.ts';

/** A YAML document as its readers see it: values with the lines where they stand. JSON is YAML too. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly line: number;
  /** Keys as text: `0` for a key that is written as a number. */
  readonly entries: ReadonlyMap<string, { readonly line: number; readonly value: YamlNode }>;
}

export interface YamlList {
  readonly kind: 'list';
  readonly line: number;
  readonly items: readonly YamlNode[];
}

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly line: number;
  /** Integers of any size are bigint; undefined is null or nothing. */
  readonly value: string | bigint | number | boolean | undefined;
}

/** Collections inside collections; what people write has four or five. */
const MAX_DEPTH = 32;

/** What the library says quotes the text, of any length: its first line, as far as anybody reads. */
const shortened = (says: string): string => {
  const [line = ''] = says.split('\n');
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
};

/**
 * Parses one YAML 1.2 document (core schema). Anchors, aliases and tags are refused: no file needs them, and they are
 * how a small file becomes a large one.
 *
 * @param file  how errors call the source.
 * @throws {UsageError} INPUT: one line that names file and line.
 */
export const parseYaml = async (text: string, file: string): Promise<YamlNode> => {
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const refuse = (line: number, says: string) => badInput(`${file}:${line}: ${says}`);
  const lineOf = (at: number | undefined): number => Math.max(1, lines.linePos(at ?? 0).line);

  const parse = () => {
    try {
      return parseDocument(text, {
        lineCounter: lines,
        intAsBigInt: true,
        // Its check compares each key with each: `convert` does it with a map.
        uniqueKeys: false,
        version: '1.2',
        schema: 'core',
        prettyErrors: false,
        logLevel: 'error',
      });
    } catch (error) {
      // The parser recurses where the text nests; a file that exhausts the stack is no description of anything.
      if (error instanceof RangeError) throw refuse(1, 'nests too deeply');
      throw error;
    }
  };

  const convert = (node: unknown, around: number, depth: number): YamlNode => {
    if (node === null || node === undefined) return { kind: 'scalar', line: around, value: undefined };
    if (isAlias(node)) throw refuse(lineOf(node.range?.[0]), `*${node.source}: aliases are not read; write the value`);
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) throw refuse(around, 'is not YAML that can be read here');
    const line = lineOf(node.range?.[0]);
    if (node.anchor !== undefined) throw refuse(line, `&${node.anchor}: anchors are not read; leave it out`);
    if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
      throw refuse(line, `${node.tag}: tags are not read; leave it out`);
    }
    if (depth > MAX_DEPTH) throw refuse(line, 'nests too deeply');
    if (isScalar(node)) return { kind: 'scalar', line, value: scalar(node.value, line) };
    if (isSeq(node)) {
      return { kind: 'list', line, items: node.items.map((item) => convert(item, line, depth + 1)) };
    }
    const entries = new Map<string, { line: number; value: YamlNode }>();
    for (const pair of node.items) {
      const key = convert(pair.key, line, depth + 1);
      if (key.kind !== 'scalar' || key.value === undefined) throw refuse(key.line, 'a key is a word or a number');
      const name = String(key.value);
      if (entries.has(name)) throw refuse(key.line, `${name}: is given twice`);
      entries.set(name, { line: key.line, value: convert(pair.value, key.line, depth + 1) });
    }
    return { kind: 'map', line, entries };
  };

  const scalar = (value: unknown, line: number): YamlScalar['value'] => {
    if (value === null) return undefined;
    if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'number') return value;
    if (typeof value === 'boolean') return value;
    throw refuse(line, 'has a value that is not read here');
  };

  const document = parse();
  const [error] = [...document.errors, ...document.warnings];
  if (error?.code === 'MULTIPLE_DOCS') throw refuse(lineOf(error.pos[0]), 'a second document begins; one is read');
  if (error !== undefined) throw refuse(lineOf(error.pos[0]), shortened(error.message));
  return convert(document.contents, 1, 0);
};
