import { int, text } from '../wire.ts';
import { set } from './edits.ts';

/** Claims of the platform token. */
export const INSTANCE = 'platform/256';
export const PROFILE = 'platform/265';
export const CLIENT = 'platform/2394';
export const LIFECYCLE = 'platform/2395';
export const IMPLEMENTATION = 'platform/2396';
export const COMPONENTS = 'platform/2399';
export const FIRST = `${COMPONENTS}/0`;
export const SERVICE = 'platform/2400';
export const CONFIG = 'platform/2401';
export const HASH = 'platform/2402';

export const OF_2023 = { dialect: 'rmm-1.0' } as const;
export const OF_2024 = { dialect: 'rmm-2.0' } as const;
export const OF_2026 = { dialect: 'draft-04' } as const;

export const lifecycle = (value: number | bigint) => ({ before: [set(LIFECYCLE, int(value))] });
export const profile = (value: string) => ({ before: [set(PROFILE, text(value))] });

/** What a verifier that overlooks it gives away. */
export const weak = { gain: 'weakness' } as const;
export const substitution = { gain: 'substitution' } as const;
