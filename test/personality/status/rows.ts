import { callRows } from './calls.ts';
import { enterRows, ripasRows, setRipasRows } from './entry.ts';
import { realmRows, recRows } from './realms.ts';
import type { Row } from './row.ts';
import { attestRows, rsiRows } from './rsi.ts';
import { dataRows, rttRows } from './rtts.ts';

export const rows: readonly Row[] = [
  ...callRows,
  ...realmRows,
  ...recRows,
  ...rttRows,
  ...dataRows,
  ...enterRows,
  ...setRipasRows,
  ...rsiRows,
  ...attestRows,
  ...ripasRows,
].sort((a, b) => a.n - b.n);
