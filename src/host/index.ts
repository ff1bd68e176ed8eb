/**
 * A Host and its guest as library code.
 *
 * Owns: Realm plans, and how a Host builds, runs and undoes a Realm. Does not own: files, or any rule of the RMM.
 */
export * from './plan.ts';
