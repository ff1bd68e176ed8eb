import { utf8 } from '../../bytes/index.ts';
import { type Act, FAULT_ERRNOS, HIDEABLE, SEAMS, type Seam, type When } from '../../fault/index.ts';
import { below, oneOf } from './draw.ts';
import { planInputs } from './plan-inputs.ts';

/** What an attribute may say in place of what it should. */
const TEXTS = ['', '\n', 'tdx_guest\n', '0\n', '1', '-1\n', '4294967296\n', '18446744073709551616\n', 'x'.repeat(4096)];

/** A client that tries again after these is right to, and would never end if they never did. */
const RETRIED: readonly Act['errno'][] = ['EINTR', 'EBUSY', 'EWOULDBLOCK'];
const FEW: When = { nth: [{ from: 1, to: 3 }] };

/** Fault plans for what a program does in the report tree. */
export const tsmPlans = planInputs({
  seams: (Object.keys(SEAMS) as Seam[]).filter((seam) => seam.startsWith('tsm.')),
  draws: {
    errno: (entropy) => ({ errno: oneOf(entropy, FAULT_ERRNOS) }),
    race: (entropy) => ({ race: entropy.bytes(oneOf(entropy, [64, 64, 64, 32, 1])) }),
    short: (entropy) => ({ short: oneOf(entropy, [1, 7, 63, 1000]) }),
    hide: (entropy) => ({ hide: [oneOf(entropy, HIDEABLE)] }),
    flip: (entropy) => ({ flip: below(entropy, 20_000) }),
    truncate: (entropy) => ({ truncate: oneOf(entropy, [0, 1, 100, 2000]) }),
    pad: (entropy) => ({ pad: oneOf(entropy, [1, 4096]) }),
    replace: (entropy) => ({ replace: utf8(oneOf(entropy, TEXTS)) }),
  },
  plain: {
    errno: [{ errno: 'EINTR' }, { errno: 'EBUSY' }, { errno: 'EWOULDBLOCK' }, { errno: 'EIO' }],
    race: [{ race: new Uint8Array(64).fill(0x5a) }],
    short: [{ short: 1 }],
    hide: HIDEABLE.map((name) => ({ hide: [name] })),
    flip: [{ flip: 0 }],
    truncate: [{ truncate: 0 }, { truncate: 100 }],
    pad: [{ pad: 4096 }],
    replace: TEXTS.map((text) => ({ replace: utf8(text) })),
  },
  whens: [{ nth: [{ from: 1, to: 1 }] }, { always: true }],
  passing: (fault) =>
    'always' in fault.when && fault.act.errno !== undefined && RETRIED.includes(fault.act.errno)
      ? { ...fault, when: FEW }
      : fault,
});
