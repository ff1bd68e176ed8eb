export * from './enums.ts';
export * from './features.ts';
export * from './rec-mpidr.ts';
export * from './status.ts';
export * from './structures.ts';
