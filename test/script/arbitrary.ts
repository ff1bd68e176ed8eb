import fc from 'fast-check';

const word64 = fc.oneof(
  fc.constantFrom(0n, 1n, 0x1000n, 0x8000_0000n, 0x8100_1000n, (1n << 64n) - 1n, 1n << 39n, 1n << 52n),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
);
const value = fc.oneof(
  word64.map((n) => `0x${n.toString(16)}`),
  fc.constantFrom(
    '$r.rd',
    '$r.rec0',
    '$r.rec1',
    '$r.page',
    '$r.data0',
    '$r.rtt3',
    '$r.run0',
    'granule',
    '$r.rd + 0x1000',
    '-1',
    '3',
    '2',
  ),
);
const call = fc
  .tuple(fc.constantFrom('smc host', 'smc realm'), fc.nat(0xff), fc.array(value, { maxLength: 12 }))
  .map(
    ([who, n, args]) =>
      `${who} ${n < 0x20 ? 0x8400_0000 + n : n < 0x30 ? 0xc400_0000 + (n & 15) : 0xc400_0100 + n} ${args.join(' ')}`,
  );
/** A statement that acts on, or looks at, the Realm `r` of two RECs and two pages: most are refused. */
export const anyAct = fc.oneof(
  { weight: 8, arbitrary: call },
  value.map((v) => `enter ${v}`),
  fc.constantFrom(
    'enter $r.rec0',
    'enter $r.rec1',
    'pe 0',
    'pe 1',
    'interrupt IRQ',
    'interrupt FIQ { polls=1 }',
    'wfi',
    'hvc 1',
  ),
  fc
    .tuple(fc.constantFrom('load', 'store', 'read', 'write'), value, value)
    .map(([verb, at, v]) =>
      verb === 'store' || verb === 'write' ? `${verb} u64 at ${at} = ${v}` : `${verb} u64 at ${at}`,
    ),
  fc.tuple(fc.constantFrom('granule', 'realm', 'rec', 'rtt'), value).map(([what, at]) => `show ${what} ${at}`),
  value.map((v) => `fetch at ${v}`),
  fc.tuple(value, value).map(([rd, at]) => `show rtt ${rd} at ${at}`),
  fc.tuple(value, value).map(([at, v]) => `write RmiRecEnter at ${at} { flags=${v} gicv3_hcr=${v} }`),
);
