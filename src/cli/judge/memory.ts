import { readdirSync, readFileSync } from 'node:fs';

const PAGE_KIB = 4;
const FIELD_RSS = 1;

const readText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const childrenOf = (pid: number): readonly number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readText(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};

/** Resident memory of a process and all that it has started, in MiB; 0 where the system does not say. */
export const residentMiB = (pid: number): number => {
  const pages = Number(readText(`/proc/${pid}/statm`).split(' ')[FIELD_RSS] ?? 0);
  const own = ((Number.isNaN(pages) ? 0 : pages) * PAGE_KIB) / 1024;
  return childrenOf(pid).reduce((sum, child) => sum + residentMiB(child), own);
};
