/** The RMM-EL3 interface: identifiers, status codes, boot codes, the boot manifest, token signing (rmm-el3 1 to 4). */
export * from './boot.ts';
export * from './fids.ts';
export * from './status.ts';
export * from './token-sign.ts';
