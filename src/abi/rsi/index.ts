export * from './status.ts';
export * from './structures.ts';
