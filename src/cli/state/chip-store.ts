import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { utf8 } from '../../bytes/index.ts';
import { type ChipRecord, chipRecordToJson, LOG_LIMIT, parseChipRecord } from '../../hes/index.ts';
import { badInput, badOutput, UsageError } from '../exit.ts';
import { type InputKind, readText } from '../io/read.ts';
import { systemReason } from '../io/system-error.ts';
import { type Files, nodeFiles } from './files.ts';

const FORMAT = 'swcca/chip/v1';
/** Several times what a log at its limit needs. */
const CHIP: InputKind = { what: 'a chip', maxBytes: 64 << 20 };

/** `chip-000000000012.json` is the chip after twelve changes. */
const NAME = /^chip-(\d{12})\.json$/;
const nameOf = (generation: number): string => `chip-${String(generation).padStart(12, '0')}.json`;
/** What a run that was stopped may leave. */
const SCRATCH = /^\.chip-(\d+)-\d+\.tmp$/;

/** The state of a chip in its folder. */
export interface KeptChip {
  /** Counts changes, from 1; 0 is a chip that is not yet there. */
  readonly generation: number;
  readonly chip: ChipRecord | undefined;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const textOf = (generation: number, chip: ChipRecord): string => {
  const body = JSON.stringify(chipRecordToJson(chip));
  return `{"format":${JSON.stringify(FORMAT)},"generation":${generation},"sha256":"${digestOf(body)}","chip":${body}}\n`;
};

const damaged = (file: string, how: string): UsageError =>
  badInput(
    `${file}: is damaged: ${how}; nothing was changed: bring the file back, or remove the folder to begin with a new chip`,
  );

/** Reads one generation, or says how it is damaged. */
const readChip = async (file: string, generation: number): Promise<ChipRecord> => {
  const text = await readText(file, CHIP);
  const head = /^\{"format":"([^"]*)","generation":(\d+),"sha256":"([0-9a-f]{64})","chip":/.exec(text);
  if (head === null) throw damaged(file, 'it does not begin like a chip');
  const [whole, format, number, sha256] = head;
  if (format !== FORMAT) throw badInput(`${file}: is of format ${format}, this swcca reads ${FORMAT}`);
  const body = text.slice(whole.length, -2);
  if (!text.endsWith('}\n') || digestOf(body) !== sha256) throw damaged(file, 'its checksum does not hold');
  if (Number(number) !== generation) throw damaged(file, `it is generation ${number} by its content`);
  const parsed = parseChipRecord(JSON.parse(body));
  if (!parsed.ok) throw damaged(file, `${parsed.problem.path} ${parsed.problem.says}`);
  return parsed.value;
};

const generationsIn = (names: readonly string[]): readonly number[] =>
  names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const refusedBySystem = (folder: string, error: unknown): unknown => {
  if (error instanceof UsageError) return error;
  const reason = systemReason(error);
  return reason === undefined ? error : badOutput(`${folder}: the chip cannot be kept: ${reason}`, error);
};

let count = 0;

/**
 * A chip that is kept in a folder. Every change is a new file beside the old one, written whole, down to the disk, before
 * it gets its name: whenever a run is stopped, the folder holds the state before the change or the one after it.
 */
export const openChipStore = (folder: string, files: Files = nodeFiles) => {
  const names = (): readonly string[] => (existsSync(folder) ? files.list(folder) : []);
  const at = (name: string): string => join(folder, name);

  /** Takes away what is older, and what runs that are over left behind. Nothing depends on it. */
  const tidy = (generation: number): void => {
    for (const name of names()) {
      const older = NAME.test(name) && Number(NAME.exec(name)?.[1]) < generation;
      const left = SCRATCH.exec(name);
      if (!older && (left === null || isAlive(Number(left[1])))) continue;
      try {
        files.remove(at(name));
      } catch {
        // Another run tidies, too.
      }
    }
  };

  return {
    folder,

    /** @throws {UsageError} INPUT, when what is there is damaged, or is no chip. */
    async load(): Promise<KeptChip> {
      const present = names();
      const generation = generationsIn(present).at(-1);
      if (generation !== undefined) return { generation, chip: await readChip(at(nameOf(generation)), generation) };
      const strange = present.find((name) => !SCRATCH.test(name));
      if (strange === undefined) return { generation: 0, chip: undefined };
      throw badInput(
        `${folder}: holds ${strange} and no chip; name a folder of a chip, or one that is empty or not there`,
      );
    },

    /**
     * Puts a state in the place of the one that was loaded.
     *
     * @returns the new generation.
     * @throws {UsageError} OUTPUT, when it cannot be written, or another run changed the chip meanwhile: nothing is
     *   changed then.
     */
    save(before: number, chip: ChipRecord): number {
      const generation = before + 1;
      const scratch = at(`.chip-${process.pid}-${count++}.tmp`);
      const target = at(nameOf(generation));
      const overtaken = badOutput(`${folder}: another run changed the chip meanwhile; run again`);
      try {
        files.makeFolder(folder);
        files.writeNew(scratch, utf8(textOf(generation, chip)));
        try {
          files.link(scratch, target);
        } catch (error) {
          throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? overtaken : error;
        } finally {
          files.remove(scratch);
        }
        files.syncFolder(folder);
        // Whoever was two changes ahead has taken the name away that was in the way.
        if (generationsIn(names()).some((each) => each > generation)) {
          files.remove(target);
          throw overtaken;
        }
      } catch (error) {
        throw refusedBySystem(folder, error);
      }
      tidy(generation);
      return generation;
    },
  };
};
export type ChipStore = ReturnType<typeof openChipStore>;

/** A log that goes on: what is new behind what was there. */
export const continuedLog = (before: ChipRecord['log'], now: ChipRecord['log']): ChipRecord['log'] => {
  const last = before.at(-1)?.seq ?? -1;
  return [...before, ...now.filter(({ seq }) => seq > last)].slice(-LOG_LIMIT);
};
