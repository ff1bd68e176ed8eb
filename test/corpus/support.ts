import type { Source } from '../../src/corpus/index.ts';
import { BASES } from '../mutate/support/base.ts';

export const SOURCE: Source = { base: BASES['rmm-1.0'], seed: 'corpus', edited: false };
