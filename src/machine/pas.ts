/** What the granule protection table says of a granule (RMM 1.0 A2.2.1, rmm-model 1.1). */
export type GptEntry = 'GPT_NS' | 'GPT_REALM' | 'GPT_SECURE' | 'GPT_ROOT' | 'GPT_AAP';

/** The physical address space an access is made through. */
export type Pas = 'NS' | 'REALM' | 'SECURE' | 'ROOT';

/** Whether an access through `pas` passes the granule protection check. */
export const gptAllows = (entry: GptEntry, pas: Pas): boolean => entry === 'GPT_AAP' || entry === `GPT_${pas}`;
