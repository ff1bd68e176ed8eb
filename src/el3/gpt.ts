import type { ERmm } from '../abi/index.ts';
import { contains, type GptEntry, GRANULE_SIZE, type PhysicalMemory } from '../machine/index.ts';
import type { TraceSink } from '../trace/index.ts';

const GRANULE = BigInt(GRANULE_SIZE);

/** Moves a granule to another physical address space. */
export const moveGranule = (memory: PhysicalMemory, pa: bigint, to: GptEntry, trace: TraceSink | undefined): void => {
  const from = memory.gpt(pa);
  memory.setGpt(pa, to);
  trace?.({ type: 'gpt.entry', pa, from, to });
};

/** The granules whose protection this monitor changes or guards: DRAM and the Secure carve-outs. */
const isManaged = (memory: PhysicalMemory, pa: bigint): boolean =>
  memory.isDram(pa) || memory.profile.secure.some((region) => contains(region, pa));

/** RMM_GTSI_DELEGATE and RMM_GTSI_UNDELEGATE: `from` is what the granule must be, `to` what it becomes. */
export const changeGpt = (
  memory: PhysicalMemory,
  pa: bigint,
  from: GptEntry,
  to: GptEntry,
  trace: TraceSink | undefined,
): ERmm => {
  if (pa % GRANULE !== 0n || !isManaged(memory, pa)) return 'E_RMM_BAD_ADDR';
  if (memory.gpt(pa) !== from) return 'E_RMM_BAD_PAS';
  moveGranule(memory, pa, to, trace);
  return 'E_RMM_OK';
};
