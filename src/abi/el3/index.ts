/** The RMM-EL3 interface: identifiers, status codes, boot codes and the boot manifest (rmm-el3 1 to 4). */
export * from './boot.ts';
export * from './fids.ts';
export * from './status.ts';
