import type { RsiStatus } from '../../abi/index.ts';
import { commandsOn } from '../../spec/index.ts';
import type { RsiModel, RsiView } from '../realm/call.ts';
import type { Exit } from '../realm/exit.ts';

/**
 * Where a Realm's command leads out of the Realm: `exit` ends it for now, `fault` undoes nothing and changes nothing,
 * so that the SMC is executed again once the Host has mapped the page.
 */
export type LeaveRealm = { readonly exit: Exit } | { readonly fault: { readonly ipa: bigint; readonly level: number } };

/** What every RSI command is written with: it acts for the REC that calls, and answers an RSI status. */
export const rsi = commandsOn<RsiView, RsiModel, RsiStatus, LeaveRealm>();
