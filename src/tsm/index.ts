/**
 * An emulated `/sys/kernel/config/tsm/report` for unmodified Linux programs.
 *
 * Owns: the semantics of the kernel's report interface, FUSE as far as it takes, the private mount. Does not own: what a
 * report says; a provider answers that.
 */
export { ERRNO, type Errno } from './errno.ts';
export { createFuseServer, type FuseServer } from './fuse-server.ts';
export { type ProgramEnd, REPORT_FOLDER, runWithReportTree, TsmUnavailable } from './mount.ts';
export { armCcaGuest, createReport, type Provider, REPORT_ATTRIBUTES, type ReportAttribute } from './report.ts';
export { createTree, type Tree, type TreeFault, type TreeOptions } from './tree.ts';
