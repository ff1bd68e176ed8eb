import { type Act, editedBytes, type FaultSession, SEAMS, type Seam } from '../../fault/index.ts';
import type { TreeAct, TreeFaults } from '../../tsm/index.ts';

const treeAct = (act: Act): TreeAct => ({
  ...(act.errno === undefined ? {} : { errno: act.errno }),
  ...(act.race === undefined ? {} : { race: act.race }),
  ...(act.short === undefined ? {} : { short: act.short }),
  ...(act.hide === undefined ? {} : { hide: act.hide }),
  edit: (bytes) => editedBytes(bytes, act),
});

/** The faults of a plan, where the report tree asks for them. */
export const treeFaults =
  (session: FaultSession): TreeFaults =>
  (call, carried) =>
    Object.hasOwn(SEAMS, call) ? session.due(call as Seam, carried).map(treeAct) : [];
