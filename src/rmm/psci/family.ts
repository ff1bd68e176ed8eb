import type { PsciStatus } from '../../abi/index.ts';
import { commandsOn } from '../../spec/index.ts';
import type { RsiModel, RsiView } from '../realm/call.ts';
import type { LeaveRealm } from '../rsi/index.ts';

/** What every PSCI command of a Realm is written with: it acts for the REC that calls, and answers a PSCI code. */
export const psci = commandsOn<RsiView, RsiModel, PsciStatus, LeaveRealm>();
