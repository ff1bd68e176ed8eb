import type { Realm } from '../model/realm.ts';
import type { Rec } from '../model/rec.ts';
import type { RmmModel, RmmView } from '../model/view.ts';
import { type Translation, translate } from './access.ts';
import type { PendingInterrupt } from './interrupt.ts';

/** The monitor as a Realm's own commands see it: through the REC that calls. */
export interface RsiView {
  readonly state: RmmView;
  readonly recAddr: bigint;
  readonly rd: bigint;
  /** CurrentRec (RMM 1.0 B3.16). */
  currentRec(): Rec;
  /** CurrentRealm (RMM 1.0 B3.15). */
  currentRealm(): Realm;
  translate(ipa: bigint): Translation;
}

export interface RsiModel extends RsiView {
  readonly state: RmmModel;
  updateRec(change: Partial<Rec>): void;
  /** ISR_EL1: what is pending on the PE. A long-running command looks at it between its steps. */
  pendingInterrupt(): PendingInterrupt | undefined;
}

/** One call of a Realm. */
export const realmCall = (
  state: RmmModel,
  recAddr: bigint,
  pendingInterrupt: () => PendingInterrupt | undefined,
): RsiModel => {
  const rd = state.rec(recAddr).owner;
  return {
    state,
    recAddr,
    rd,
    currentRec: () => state.rec(recAddr),
    currentRealm: () => state.realm(rd),
    translate: (ipa) => translate(state, rd, ipa),
    updateRec: (change) => state.updateRec(recAddr, change),
    pendingInterrupt,
  };
};
