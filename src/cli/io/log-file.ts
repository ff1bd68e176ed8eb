import { closeSync, openSync } from 'node:fs';
import { utf8 } from '../../bytes/index.ts';
import { checkWritable, unwritable, writeWhole } from './write.ts';

/** A file that somebody may read while it grows: it stands under its name from the start, and stays whatever happens. */
export interface LogFile {
  write(text: string): void;
  close(): void;
}

/** @throws {UsageError} OUTPUT, here and from each method. */
export const openLogFile = (path: string): LogFile => {
  checkWritable(path);
  const guarded = <T>(act: () => T): T => {
    try {
      return act();
    } catch (error) {
      throw unwritable(path, error);
    }
  };
  const fd = guarded(() => openSync(path, 'w'));
  return {
    write: (text) => guarded(() => writeWhole(fd, utf8(text))),
    close: () => guarded(() => closeSync(fd)),
  };
};
