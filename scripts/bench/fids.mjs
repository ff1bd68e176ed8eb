import { RMM_1_0 } from '../../dist/rmm/index.js';

/** Function identifiers of RMI and RSI by the name of the command, as X0 carries them. */
export const FID = Object.fromEntries([...RMM_1_0.rmi, ...RMM_1_0.rsi].map(({ name, fid }) => [name, BigInt(fid)]));
