import { revision } from '../../../src/abi/index.ts';
import { RMM_1_0 } from '../../../src/rmm/index.ts';
import { version } from '../../../src/rmm/rsi/index.ts';
import { versionOf } from '../../../src/rmm/rsi/version.ts';
import { conformance, on, when } from '../language/conformance.ts';
import { running } from './support.ts';

const V1_0 = revision(1, 0);
const V1_1 = revision(1, 1);
const refused = { result: 'RSI_ERROR_INPUT', out: { lower: V1_0, higher: V1_0 } };

/** An RMM that implements two revisions. */
const TWO = {
  commands: { ...RMM_1_0, rsi: [versionOf([V1_0, V1_1]), ...RMM_1_0.rsi.filter(({ name }) => name !== 'RSI_VERSION')] },
};

export const versionRows = conformance(version, {
  given: (w) => ({ ...running(w), req: V1_0 }),
  fails: {},
  succeeds: {},
  also: {
    'revision 1.0 is there': () => when({}, { out: { lower: V1_0, higher: V1_0 } }),
    'revision 1.1 is refused': () => when({ req: V1_1 }, refused),
    'revision 2.0 is refused': () => when({ req: revision(2, 0) }, refused),
    'revision 0.0 is refused': () => when({ req: 0n }, refused),
    'a revision below is refused': () => when({ req: 0xffffn }, refused),
    'of two revisions, the lower': on(TWO, () => when({}, { out: { lower: V1_0, higher: V1_1 } })),
    'of two revisions, the higher': on(TWO, () => when({ req: V1_1 }, { out: { lower: V1_1, higher: V1_1 } })),
    'of two revisions, one that is higher still': on(TWO, () =>
      when({ req: revision(1, 2) }, { result: 'RSI_ERROR_INPUT', out: { lower: V1_1, higher: V1_1 } }),
    ),
    'of two revisions, one of another major number': on(TWO, () =>
      when({ req: revision(2, 0) }, { result: 'RSI_ERROR_INPUT', out: { lower: V1_1, higher: V1_1 } }),
    ),
  },
});
