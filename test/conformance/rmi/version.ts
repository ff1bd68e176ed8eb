import { INPUT, revision } from '../../../src/abi/index.ts';
import { version } from '../../../src/rmm/rmi/index.ts';
import { conformance, when } from '../language/conformance.ts';

const V1_0 = revision(1, 0);
const only = { result: INPUT, out: { lower: V1_0, higher: V1_0 } };

export const versionRows = conformance(version, {
  given: () => ({ req: V1_0 }),
  fails: {},
  succeeds: {},
  also: {
    'revision 1.0 is there': () => when({}, { out: { lower: V1_0, higher: V1_0 } }),
    'revision 1.1 is refused': () => when({ req: revision(1, 1) }, only),
    'revision 2.0 is refused': () => when({ req: revision(2, 0) }, only),
    'revision 0.0 is refused': () => when({ req: 0n }, only),
    'a revision below is refused': () => when({ req: 0xffffn }, only),
    'bits beyond a revision are no revision': () => when({ req: (1n << 31n) | V1_0 }, only),
  },
});
