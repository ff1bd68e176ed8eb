import {
  armCcaGuest,
  createFuseServer,
  createTree,
  ok,
  runWithReportTree,
  TsmUnavailable,
} from '../../src/tsm/index.ts';

/** Why no report tree can be mounted on this machine, if none can: said aloud, since tests are left out for it. */
export const whyNoMount = async (): Promise<string | undefined> => {
  try {
    await runWithReportTree(['true'], createFuseServer(createTree({ provider: armCcaGuest(ok) })));
    return undefined;
  } catch (error) {
    if (!(error instanceof TsmUnavailable)) throw error;
    process.stderr.write(`tests that mount a report tree are left out: ${error.message}\n`);
    return error.message;
  }
};
