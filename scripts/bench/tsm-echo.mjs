// A report tree whose reports are its inblobs, as long as a token is: tsm-echo.mjs CMD…
import { createFuseServer, createTree, ok, runWithReportTree } from '../../dist/tsm/index.js';

const REPORT_BYTES = 2304;

const report = (inblob) => {
  const bytes = new Uint8Array(REPORT_BYTES);
  bytes.set(inblob);
  return ok(bytes);
};
const { code } = await runWithReportTree(
  process.argv.slice(2),
  createFuseServer(createTree({ provider: { name: 'echo', report } })),
);
process.exitCode = code ?? 1;
