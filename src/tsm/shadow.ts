import {
  closeSync,
  constants,
  type FSWatcher,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { equalBytes } from '../bytes/index.ts';
import { type ReportAttribute, TSM_INBLOB_MAX } from './attributes.ts';
import { createReport, type Provider, type Report } from './report.ts';

/** Reports that one folder holds at most: each is watched by itself. */
const MAX_REPORTS = 64;
/** Attributes that are there once a report is; outblob comes when there is one. */
const SHOWN = ['provider', 'privlevel_floor', 'generation'] as const satisfies readonly ReportAttribute[];

interface Shadow {
  readonly report: Report;
  readonly watcher: FSWatcher;
  /** The inblob that was last taken. */
  taken: Uint8Array;
}

/** The inblob as far as it can matter, or nothing where there is none that is a file. */
const readInblob = (path: string): Uint8Array => {
  const bytes = new Uint8Array(TSM_INBLOB_MAX + 1);
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return bytes.subarray(0, readSync(file, bytes));
  } catch {
    return new Uint8Array();
  } finally {
    if (file !== undefined) closeSync(file);
  }
};

/** A file appears whole or not at all. */
const put = (folder: string, name: string, bytes: Uint8Array): void => {
  const coming = join(folder, `.${name}`);
  writeFileSync(coming, bytes);
  renameSync(coming, join(folder, name));
};

/**
 * Keeps a plain folder as if it were tsm/report, by watching it: a folder made in it is a report, an inblob written there
 * is answered with an outblob, after which the generation moves. A program can come before the answer, sees no errno, and
 * has to remove files before folders: this is for machines that can mount nothing.
 */
export const serveFolder = (folder: string, provider: Provider): { stop(): void } => {
  const shadows = new Map<string, Shadow>();

  const show = (name: string, { report }: Shadow): void => {
    for (const attribute of SHOWN) {
      const bytes = report.read(attribute);
      if (bytes.ok) put(join(folder, name), attribute, bytes.value);
    }
  };

  const answer = (name: string): void => {
    const shadow = shadows.get(name);
    const inblob = readInblob(join(folder, name, 'inblob'));
    if (shadow === undefined || inblob.length === 0 || equalBytes(inblob, shadow.taken)) return;
    shadow.taken = inblob;
    shadow.report.write('inblob', inblob);
    const made = shadow.report.read('outblob');
    if (made.ok) put(join(folder, name), 'outblob', made.value);
    else rmSync(join(folder, name, 'outblob'), { force: true });
    show(name, shadow);
  };

  /** Whatever happens to the folder at the same time, the next change is looked at again. */
  const tolerant =
    (act: () => void): (() => void) =>
    () => {
      try {
        act();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      }
    };

  const add = (name: string): void => {
    const path = join(folder, name);
    if (!lstatSync(path).isDirectory()) return;
    const watcher = watch(
      path,
      tolerant(() => answer(name)),
    );
    watcher.on('error', () => undefined);
    const shadow = { report: createReport(provider), watcher, taken: new Uint8Array() };
    shadows.set(name, shadow);
    show(name, shadow);
    answer(name);
  };

  const scan = (): void => {
    const names = readdirSync(folder);
    for (const [name, { watcher }] of shadows) {
      if (names.includes(name)) continue;
      watcher.close();
      shadows.delete(name);
    }
    for (const name of names) if (!shadows.has(name) && shadows.size < MAX_REPORTS) tolerant(() => add(name))();
  };

  const top = watch(folder, tolerant(scan));
  top.on('error', () => undefined);
  tolerant(scan)();
  return {
    stop() {
      top.close();
      for (const { watcher } of shadows.values()) watcher.close();
    },
  };
};
