import type { Applicable } from '../mutate.ts';
import { int } from '../wire.ts';
import { set } from './edits.ts';

/** The first lifecycle of its range (token 4). */
const SECURED = 0x3000;

/** Makes a token of a platform that is not secured one that can be trusted otherwise. */
export const secured: Applicable = { id: 'secured', before: [set('platform/2395', int(SECURED))] };
