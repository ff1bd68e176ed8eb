import { describe, expect, test } from 'vitest';
import { decodeRmiResult, decodeRsiStatus, PSCI_STATUS } from '../../src/abi/index.ts';
import { brokenLaw } from './invariants.ts';
import { createMoments, type Moment } from './moments.ts';
import { observe } from './observe.ts';
import { createRandom, type Random } from './random.ts';
import { perform, type Step } from './step.ts';
import { brokenStep } from './transitions.ts';

const moments = createMoments();
const ofHost = moments.filter(({ caller }) => caller === 'host');

/** Makes a call on a copy of the machine of a moment, and holds what comes of it against every law. */
const call = (
  { platform: from, caller }: Moment,
  x: readonly bigint[],
  prepare?: (platform: Moment['platform']) => void,
) => {
  const platform = from.fork();
  prepare?.(platform);
  const step: Step = { act: caller, pe: 0, x };
  const before = observe(platform);
  const reply = perform(platform, step);
  const after = observe(platform, before);
  const broken = brokenStep({ platform, step, reply, before, after }) ?? brokenLaw(platform, after, before);
  expect(broken).toBe(undefined);
  return { reply, changed: before !== after };
};

const PSCI_CODES = new Set(Object.values(PSCI_STATUS).map((code) => BigInt.asUintN(64, code)));

/** A code that the interface has; PSCI_VERSION and the like answer a value instead. */
const expectCode = ({ command }: Moment, reply: ReturnType<typeof call>['reply']): void => {
  if (reply.kind !== 'return') return;
  const [code = -1n] = reply.x;
  if (Object.values(command.outputs).some(({ first }) => first === 0)) return;
  if (command.name.startsWith('RMI_')) expect(decodeRmiResult(code)).toBeDefined();
  else if (command.name.startsWith('RSI_')) expect(decodeRsiStatus(code)).toBeDefined();
  else expect(PSCI_CODES).toContain(code);
};

/** Registers of the inputs that name granules. */
const granuleInputs = ({ command }: Moment): readonly (readonly [name: string, register: number])[] =>
  Object.entries(command.inputs).flatMap(([name, { first, type }]) => (type.kind === 'Address' ? [[name, first]] : []));

const replaced = (x: readonly bigint[], register: number, value: bigint): bigint[] =>
  x.map((old, n) => (n === register ? BigInt.asUintN(64, value) : old));

describe('an address that no granule of its kind has is refused as input', () => {
  const cases = ofHost.flatMap((moment) =>
    granuleInputs(moment).map(([name, register]) => ({ title: `${moment.command.name} ${name}`, moment, register })),
  );
  test.each(cases)('$title', ({ moment, register }) => {
    const { machine } = moment.platform.config;
    const [dram] = machine.dram;
    const [device] = machine.device;
    const [secure] = machine.secure;
    const right = moment.x[register] ?? 0n;
    const wrong = [
      right + 1n,
      right + 0xfffn,
      right | (1n << 63n),
      0n,
      device!.base,
      secure!.base,
      dram!.base - 0x1000n,
      dram!.base + dram!.size,
      (1n << BigInt(machine.pa_width)) - 0x1000n,
      1n << BigInt(machine.pa_width),
      (1n << 52n) - 0x1000n,
      1n << 52n,
      -0x1000n,
      -1n,
    ];
    for (const address of wrong) {
      const { reply, changed } = call(moment, replaced(moment.x, register, address));
      expect(reply.kind === 'return' && reply.x[0], `0x${address.toString(16)}`).toBe(1n);
      expect(changed).toBe(false);
    }
  });
});

describe('one granule in two roles is refused as input', () => {
  const cases = ofHost.flatMap((moment) => {
    const inputs = granuleInputs(moment);
    return inputs.flatMap(([name, register]) =>
      inputs
        .filter(([, other]) => other !== register)
        .map(([other, from]) => ({ title: `${moment.command.name} ${name} = ${other}`, moment, register, from })),
    );
  });
  test.each(cases)('$title', ({ moment, register, from }) => {
    const { reply, changed } = call(moment, replaced(moment.x, register, moment.x[from] ?? 0n));
    expect(reply.kind === 'return' && reply.x[0]).toBe(1n);
    expect(changed).toBe(false);
  });

  /** A granule that a structure names, made the same as one that a register names. */
  const STRUCTURES = [
    ['RMI_REALM_CREATE', 'params_ptr', 0x808, ['rd', 'params_ptr']],
    ['RMI_REC_CREATE', 'params_ptr', 0x808, ['rd', 'rec', 'params_ptr']],
    ['RMI_REC_CREATE', 'params_ptr', 0x810, ['rd', 'rec', 'params_ptr']],
  ] as const;
  const structured = STRUCTURES.flatMap(([name, pointer, offset, others]) =>
    others.map((other) => ({
      title: `${name} 0x${offset.toString(16)} of its structure = ${other}`,
      name,
      pointer,
      offset,
      other,
    })),
  );
  test.each(structured)('$title', ({ name, pointer, offset, other }) => {
    const moment = ofHost.find(({ command }) => command.name === name)!;
    const at = (input: string): bigint => moment.x[moment.command.inputs[input]!.first] ?? 0n;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, at(other), true);
    const { reply, changed } = call(moment, moment.x, (platform) =>
      platform.write(at(pointer) + BigInt(offset), bytes),
    );
    expect(reply.kind === 'return' && reply.x[0]).toBe(1n);
    expect(changed).toBe(false);
  });

  test('RMI_REC_CREATE with the same auxiliary granule twice', () => {
    const moment = ofHost.find(({ command }) => command.name === 'RMI_REC_CREATE')!;
    const page = moment.x[3] ?? 0n;
    const { reply } = call(moment, moment.x, (platform) => {
      platform.write(page + 0x810n, platform.read(page + 0x808n, 8) ?? new Uint8Array());
    });
    expect(reply.kind === 'return' && reply.x[0]).toBe(1n);
  });
});

describe('any value in any register comes to a code', () => {
  test.each(moments.map((moment) => ({ title: moment.command.name, moment })))('$title', ({ moment }) => {
    const random = createRandom(moment.command.fid);
    for (let i = 0; i < 150; i += 1) {
      const wild = random.chance(50);
      const x = moment.x.map((right, n) => (n === 0 || !(wild || random.chance(25)) ? right : near(random, right)));
      expectCode(moment, call(moment, x).reply);
    }
  });
});

/** A value near the right one, or anything. */
const near = (random: Random, right: bigint): bigint =>
  BigInt.asUintN(
    64,
    random.pick([
      right ^ (1n << BigInt(random.below(64))),
      right + 1n,
      right - 1n,
      right + 0x1000n,
      random.word(),
      random.word(),
    ]),
  );

describe('any bytes in any structure come to a code', () => {
  const STRUCTURES = [
    ['RMI_REALM_CREATE', 2],
    ['RMI_REC_CREATE', 3],
    ['RMI_REC_ENTER', 2],
    ['RMI_DATA_CREATE', 4],
  ] as const;
  test.each(STRUCTURES)('%s', (name, register) => {
    const moment = ofHost.find(({ command }) => command.name === name)!;
    const random = createRandom(register);
    const at = moment.x[register] ?? 0n;
    const right = moment.platform.read(at, 0x1000)!;
    const pages = [
      new Uint8Array(0x1000),
      new Uint8Array(0x1000).fill(0xff),
      ...Array.from({ length: 60 }, () => random.bytes(0x1000)),
      ...Array.from({ length: 250 }, () => {
        const page = right.slice();
        // Members lie at few places: most of what is changed should be one of them.
        const offset = random.pick([
          0, 8, 0x10, 0x18, 0x20, 0x28, 0x30, 0x100, 0x200, 0x300, 0x308, 0x800, 0x808, 0x810, 0x818,
        ]);
        const end = random.chance(80) ? offset + random.below(8) : random.below(0x1000);
        page[end] = random.below(256);
        return page;
      }),
    ];
    for (const page of pages) expectCode(moment, call(moment, moment.x, (platform) => platform.write(at, page)).reply);
  });

  test('RSI_HOST_CALL hands any bytes on as they are', () => {
    const moment = moments.find(({ command }) => command.name === 'RSI_HOST_CALL')!;
    const random = createRandom(1);
    for (let i = 0; i < 50; i += 1) {
      const bytes = random.bytes(0x100);
      const prepare = (platform: Moment['platform']): void => {
        expect(platform.realmAccess({ access: 'write', ipa: moment.x[1] ?? 0n, bytes }).kind).toBe('done');
      };
      expect(call(moment, moment.x, prepare).reply.kind).toBe('exit');
    }
  });
});
