/**
 * An emulated `/sys/kernel/config/tsm/report` for unmodified Linux programs.
 *
 * Owns: the semantics of the kernel's report interface, FUSE as far as it takes, the private mount. Does not own: what a
 * report says; a provider answers that.
 */
export { REPORT_ATTRIBUTES, type ReportAttribute, TSM_INBLOB_MAX } from './attributes.ts';
export { type Answer, ERRNO, type Errno, fails, ok } from './errno.ts';
export type { TreeAct, TreeFaults } from './faults.ts';
export { createFuseServer, type FuseServer } from './fuse-server.ts';
export {
  deviceProblem,
  FUSE_DEVICE,
  namespaceProblem,
  type ProgramEnd,
  type ProgramOptions,
  REPORT_FOLDER,
  runWithReportTree,
  startWithReportTree,
  type TreeProgram,
  TsmUnavailable,
} from './mount.ts';
export { armCcaGuest, createReport, type Provider } from './report.ts';
export { serveFolder } from './shadow.ts';
export { createTree, type Tree, type TreeOptions } from './tree.ts';
