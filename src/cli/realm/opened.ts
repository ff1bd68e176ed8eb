import { resolve } from 'node:path';
import { badCommandLine, UsageError } from '../exit.ts';
import { openPayload, type PiecewiseFile } from '../io/read.ts';
import { misfit, type Place } from '../yaml/read.ts';

/** Who asked for something: a key of a file, or an option. */
export interface Origin {
  /** How an error about something else names it. */
  readonly name: string;
  /** An error about it. */
  readonly refuse: (says: string) => UsageError;
}

export const originOf = (place: Place): Origin => ({ name: place.key, refuse: (says) => misfit(place, says) });
export const optionOrigin = (option: string, text: string): Origin => ({
  name: `--${option} ${text}`,
  refuse: (says) => badCommandLine(`--${option} ${text}: ${says}`),
});

/** Errors about something that was asked for say who asked. */
export const blaming = async <T>({ refuse }: Origin, act: () => T | Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UsageError) throw refuse(error.message);
    throw error;
  }
};

/** The files that a Realm is made of. */
export class Opened {
  readonly #folder: string;
  readonly #files: PiecewiseFile[] = [];

  /** @param folder where the names in a Realm file start. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  path(name: string): string {
    return resolve(this.#folder, name);
  }

  async open(path: string): Promise<PiecewiseFile> {
    const file = await openPayload(path);
    this.#files.push(file);
    return file;
  }

  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }
}
