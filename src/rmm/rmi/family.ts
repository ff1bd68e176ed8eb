import type { RmiRecEnter, RmiResult } from '../../abi/index.ts';
import { commandsOn } from '../../spec/index.ts';
import type { RmmModel, RmmView } from '../model/view.ts';

/** Where a Host command hands the PE over to a Realm. */
export interface EnterRealm {
  readonly enter: { readonly rec: bigint; readonly run_ptr: bigint; readonly enter: RmiRecEnter };
}

/** What every RMI command is written with: it reads and changes the monitor, and answers an RmiResult. */
export const rmi = commandsOn<RmmView, RmmModel, RmiResult, EnterRealm>();
