import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSession, runScript, type ScriptRun, SPEC } from '../../src/script/index.ts';
import { anyAct } from './arbitrary.ts';
import { options, parse, run } from './support.ts';

/** The run of a script in which all is as expected. */
const holds = (source: string): ScriptRun => {
  const result = run(source);
  expect(result.error).toBe(undefined);
  expect(result.differences.map(({ mismatch }) => mismatch)).toEqual([]);
  return result;
};

const lastLine = (source: string): string | undefined => holds(source).results.at(-1)?.lines.at(-1);

/** Why a script cannot go on. */
const errorOf = (source: string): string => {
  const { error } = run(source);
  return error === undefined ? 'no error' : `${error.code} ${error.place.line}:${error.place.column}: ${error.message}`;
};

const differenceOf = (source: string): string => {
  const [first] = run(source).differences;
  if (first === undefined) return 'no difference';
  const { line, column, expected, found } = first.mismatch;
  return `${line}:${column}: ${expected} / ${found}`;
};

describe('values', () => {
  test.each([
    ['2 + 3 * 4', '14'],
    ['(2 + 3) * 4', '20'],
    ['10 - 3 - 2', '5'],
    ['1 << 4 | 1', '17'],
    ['1 + 1 << 4', '32'],
    ['0xff & 0x1f | 0x100', '0x11f'],
    ['-1', '0xffff_ffff_ffff_ffff'],
    ['~0xff', '-256'],
    ['0xffff_ffff_ffff_ffff + 2', '1'],
    ['1 << 64', '0'],
    ['0x8000_0000 >> 31', '1'],
    ['2MiB', '0x200000'],
    ['emul_mmio|ripas_response', '17'],
    ['PSCI_DENIED', '-3'],
    ['"ab" + hex"63 64"', '"abcd"'],
    ['hex"01" * 3', 'hex"010101"'],
  ])('%s = %s', (left, right) => {
    holds(`let x = ${left}\nexpect $x = ${right}\nexpect ${left} = ${right}`);
  });

  test('granule names granules that nobody uses, aligned to their number', () => {
    holds(`
let a = granule
let b = granule(3)
let c = granule
expect $a != $b
expect $b & 0x3fff = 0
expect $c != $a
expect $c != $b
`);
  });

  test.each([
    ['let x = "a" + 1', 'IMPOSSIBLE 1:9: + takes two numbers; bytes are joined by +, and repeated by * and a number'],
    ['let x = "a" * 2MiB', 'IMPOSSIBLE 1:9: bytes are longer than 1 MiB'],
    ['let x = -"a"', 'IMPOSSIBLE 1:10: a number is needed here, these are bytes'],
    ['let x = granule(0)', 'IMPOSSIBLE 1:9: granule(n) takes 1 or more granules'],
    ['let x = granule(1 << 27)', 'IMPOSSIBLE 1:9: the Host has no granule left: give the machine more DRAM'],
    ['rmi GRANULE_DELEGATE "abc" * 9', 'IMPOSSIBLE 1:22: addr takes at most 8 bytes'],
    [
      'realm r\nenter $r.rec0\nrsi ATTESTATION_TOKEN_INIT 5',
      'IMPOSSIBLE 3:28: challenge takes bytes: hex"00ff" or "text"',
    ],
  ])('%s cannot be had', (source, error) => {
    expect(errorOf(source)).toBe(error);
  });
});

describe('structures', () => {
  test('are written by their members and read back', () => {
    holds(`
let p = granule
write RmiRecParams at $p { pc=0x1000 gprs=[1, 2] gprs[7]=8 num_aux=3 }
read RmiRecParams at $p => _ { pc=0x1000 gprs[0]=1 gprs[1]=2 gprs[2]=0 gprs[7]=8 num_aux=3 aux[0]=0 } -> gprs[7]=last
expect $last = 8
patch RmiRecParams at $p { gprs[1]=9 }
read RmiRecParams at $p => _ { gprs[0]=1 gprs[1]=9 gprs[7]=8 pc=0x1000 }
write RmiRealmParams at $p { rtt_level_start=-1 rpv="abc" }
read RmiRealmParams at $p => _ { rtt_level_start=-1 rpv="abc" s2sz=0 }
read bytes[3] at $p + 0x400 => "abc"
read i64 at $p + 0x810 => -1
write u16 at $p = 0x1234
read u8 at $p => 0x34 -> low
expect $low = 0x34
`);
  });

  test.each([
    ['write RmiRealmParams at 0x80000000 { s2sz=256 }', 'IMPOSSIBLE 1:43: RmiRealmParams.s2sz takes at most 0xff'],
    [
      'write RmiRealmParams at 0x80000000 { rpv=5 }',
      'IMPOSSIBLE 1:42: RmiRealmParams.rpv takes bytes, such as hex"00ff" or "text"',
    ],
    [
      'write RmiRealmParams at 0x80000000 { rpv="a" * 65 }',
      'IMPOSSIBLE 1:42: RmiRealmParams.rpv takes at most 64 bytes',
    ],
    ['write RmiRealmParams at 0x80000000 { s2sz[1]=5 }', 'IMPOSSIBLE 1:38: RmiRealmParams.s2sz is no array'],
    ['write RmiRecParams at 0x80000000 { gprs[8]=5 }', 'IMPOSSIBLE 1:36: RmiRecParams.gprs has 8 elements'],
    [
      'write RmiRecParams at 0x80000000 { gprs=5 }',
      'IMPOSSIBLE 1:41: RmiRecParams.gprs is an array: RmiRecParams.gprs[0]=…, or [a, b, …]',
    ],
    ['write u8 at 0x80000000 = 256', 'IMPOSSIBLE 1:26: u8 takes at most 0xff'],
    ['write bytes at 0x80000000 = 5', 'IMPOSSIBLE 1:29: bytes are needed here, this is a number: hex"00ff", "text"'],
    ['read bytes[2MiB] at 0x80000000', 'IMPOSSIBLE 1:12: the number of bytes is at most 1048576'],
  ])('%s does not fit', (source, error) => {
    expect(errorOf(source)).toBe(error);
  });

  test('of the Host that the Realm world has cannot be reached', () => {
    holds(`
rmi GRANULE_DELEGATE 0x80001000 => SUCCESS
write u8 at 0x80001000 = 1 => fault
read u8 at 0x80001000 => fault
`);
  });
});

describe('calls', () => {
  test('take arguments by place, by name and by register', () => {
    holds(`
realm r { pages=0 recs=0 }
let t = granule
rmi GRANULE_DELEGATE addr=$t => SUCCESS
rmi RTT_CREATE $r.rd level=1 rtt=$t ipa=0 => SUCCESS
rmi RTT_READ_ENTRY $r.rd 0 level=1 => SUCCESS { walk_level=1 state=UNASSIGNED ripas=EMPTY x2=0 }
rmi RTT_READ_ENTRY x1=$r.rd x2=0 x3=0 => SUCCESS { state=TABLE desc=$t } -> desc=found x1=level
expect $found = $t
expect $level = 0
rmi RMI_VERSION 0x10000 => RMI_SUCCESS
rmi version 0x10000 => SUCCESS
`);
  });

  test('say which condition refused them', () => {
    holds(`
rmi GRANULE_DELEGATE 0x80001001 => ERROR_INPUT by gran_align
rmi GRANULE_DELEGATE 0 => ERROR_INPUT by gran_bound
rmi GRANULE_DELEGATE 0 => SUCCESS or ERROR_INPUT
rmi GRANULE_DELEGATE 0 => 1
rmi GRANULE_DELEGATE 0 => _
smc host 0xc4000156 => NOT_SUPPORTED
smc host => NOT_SUPPORTED
`);
  });

  test.each([
    ['rmi GRANULE_DELEGATE 1 => SUCCESS', '1:24: SUCCESS / RMI_ERROR_INPUT'],
    [
      'rmi GRANULE_DELEGATE 1 => ERROR_INPUT by gran_bound',
      '1:24: ERROR_INPUT by gran_bound / RMI_ERROR_INPUT by gran_align',
    ],
    ['rmi VERSION 1 => ERROR_INPUT { lower>0x10000 }', '1:32: lower>0x10000 / lower=0x10000'],
    ['rmi VERSION 1 => SUCCESS or exit', '1:15: SUCCESS or exit / RMI_ERROR_INPUT { lower=0x10000 higher=0x10000 }'],
    ['realm r\nexpect realm $r.rd { state=REALM_NEW }', '2:22: state=REALM_NEW / state=REALM_ACTIVE'],
    ['expect realm 0x80001000 { state=REALM_NEW }', '1:1: a realm / 0x80001000 is no RD: it is UNDELEGATED'],
    ['expect exit IRQ', '1:1: exit IRQ / PE 0 has not exited'],
    ['expect 1 + 1 = 3', '1:1: = 0x3 / 0x2'],
    ['realm r\nenter $r.rec0\nexpect x0 = 5', '3:8: x0=0x5 / x0=0x0'],
    ['for i in 1..9 expect $i < 4', '1:15: < 0x4 / 0x4'],
  ])('%j is a difference', (source, difference) => {
    expect(differenceOf(source)).toBe(difference);
  });

  test('a difference comes with the call before it', () => {
    const { differences } = run('rmi GRANULE_DELEGATE 0x80001000\nexpect granule 0x80001000 { state=RD }');
    expect(differences[0]?.call?.statement.text).toBe('rmi GRANULE_DELEGATE 0x80001000');
    expect(differences[0]?.call?.outcome?.text).toBe('RMI_SUCCESS');
  });

  test('stop at the first difference, unless told to go on', () => {
    const source = 'expect 1 = 2\nexpect 1 = 3';
    expect(run(source).differences.length).toBe(1);
    expect(run(source, { keepsGoing: true }).differences.length).toBe(2);
  });
});

describe('a Realm', () => {
  test('acts between enter and exit, on its PE', () => {
    holds(`
realm r { recs=2 pages=2 }
enter $r.rec0 => entered { pc=0 x0=0 }
rsi VERSION 0x10000 => SUCCESS { lower=0x10000 }
expect x0 = RSI_SUCCESS
expect pc = 4
store RsiHostCall at 0x1000 { imm=7 gprs[30]=0x30 }
rsi HOST_CALL 0x1000 => exit HOST_CALL { imm=7 gprs[30]=0x30 }
expect exit HOST_CALL { imm=7 }
enter $r.rec0 { gprs=[5] } => entered { x0=RSI_SUCCESS }
load RsiHostCall at 0x1000 => _ { gprs[0]=5 gprs[30]=0 }
pe 1
enter $r.rec1
load u32 at 1 << 39 into w5 => exit SYNC { far=0 }
enter $r.rec1 { flags=emul_mmio gprs[0]=0x1_0000_0009 } => entered { x5=9 }
interrupt IRQ => exit IRQ
pe 0
rsi MEASUREMENT_READ 0 -> value=rim
psci SYSTEM_OFF => exit PSCI { gprs[0]=PSCI_SYSTEM_OFF }
enter $r.rec0 => ERROR_REALM(1) by system_off
show realm $r.rd -> measurements[0]=measured
expect $rim = $measured
`);
  });

  test('is built as it is asked for', () => {
    holds(`
realm r { s2sz=33 rtt_level_start=2 recs=0 pages=3 state=NEW hash_algo=SHA_512 rpv="me" vmid=9 }
expect realm $r.rd { state=REALM_NEW ipa_width=33 rtt_num_start=8 hash_algo=SHA_512 rpv="me" vmid=9 num_recs=0 }
expect rtt $r.rd at 0x2000 { level=3 state=ASSIGNED ripas=RAM addr=$r.data2 rtt=$r.rtt3 index=2 }
expect rtt $r.rd at 0x3000 level 3 { state=UNASSIGNED ripas=EMPTY }
expect granule $r.rtt2 { state=RTT gpt=GPT_REALM }
`);
  });

  test('shows itself', () => {
    const { results } = holds(
      'realm r { recs=1 pages=1 }\nshow rtt $r.rd\nshow machine\nshow rec $r.rec0\nshow granule 0',
    );
    const [, rtt, machine, rec, granule] = results.map(({ lines }) => lines);
    expect(rtt?.[0]).toMatch(/^level 0 table 0x[0-9a-f]+ from 0x0$/);
    expect(rtt?.find((line) => line.includes('ASSIGNED RAM'))).toMatch(/^ +\[0\] 0x0 ASSIGNED RAM -> 0x[0-9a-f]+$/);
    expect(machine?.[0]).toContain('REC_AUX=16');
    expect(rec).toContain('state = REC_READY');
    expect(granule).toEqual(['state=UNDELEGATED gpt=GPT_ROOT is_zero=true']);
  });

  test.each([
    ['rsi VERSION 1', 'IMPOSSIBLE 1:1: PE 0 is in no Realm: enter a REC before this'],
    [
      'realm r\nenter $r.rec0\nrmi VERSION 1',
      'IMPOSSIBLE 3:1: PE 0 runs a Realm: let it exit, or act on another PE by pe 1',
    ],
    ['realm r { recs=2000 }', 'IMPOSSIBLE 1:16: recs is at most 1023'],
    [
      'realm r { s2sz=20 }',
      'IMPOSSIBLE 1:1: this Realm cannot be built: RMI_REALM_CREATE(0x81001000, 0x81000000) answered RMI_ERROR_INPUT',
    ],
    ['realm r { state=OFF }', 'IMPOSSIBLE 1:17: state is ACTIVE or NEW'],
    ['realm r\nrmi GRANULE_DELEGATE $r.rec7', 'NAME 2:22: $r.rec7 has no value'],
    ['pe 1\nrealm r', 'IMPOSSIBLE 2:1: a Realm is built on PE 0: write pe 0 before it'],
    ['pe 1 << 20', 'IMPOSSIBLE 1:4: there are PEs 0 to 4095'],
    ['for i in 0..1 << 20 pe 0', 'IMPOSSIBLE 1:13: a statement is repeated at most 65536 times'],
  ])('%j cannot be', (source, error) => {
    expect(errorOf(source)).toBe(error);
  });
});

describe('settings', () => {
  test('make the machine', () => {
    holds(`
seed 7
machine s2sz=40 lpa2=off sve_vl=none pmu_num_ctrs=4 rec_aux_count=0 dram=[0x8000_0000, 64MiB, 1 << 36, 1MiB]
impdef signSteps=3 chunk=[1, 7] el3Interface="2.0"
rmi FEATURES 0 -> value=f
expect $f & 0xff = 40
expect $f & 0x300 = 0
rmi GRANULE_DELEGATE 1 << 36 => SUCCESS
rmi GRANULE_DELEGATE 0x8400_0000 => ERROR_INPUT by gran_bound
`);
  });

  test('are made before the machine is needed', () => {
    for (const setting of [
      'machine s2sz=40',
      'impdef signSteps=1',
      'seed a',
      'personality tf-rmm',
      'switch D2',
      'config {}',
    ]) {
      expect(errorOf(`rmi VERSION 1\n${setting}`)).toBe(
        setting.startsWith('personality')
          ? 'no error'
          : 'IMPOSSIBLE 2:1: settings stand before the first statement that needs the machine',
      );
    }
  });

  test.each([
    ['machine s2sz=80', 'IMPOSSIBLE 1:9: s2sz must be 32 to 52'],
    ['machine lpa2=5', 'IMPOSSIBLE 1:14: lpa2 is true or false'],
    ['machine dram=5', 'IMPOSSIBLE 1:14: dram takes a list, such as [1, 2]'],
    ['machine dram=[1]', 'IMPOSSIBLE 1:14: dram takes pairs of base and size: [0x80000000, 1GiB]'],
    ['impdef signSteps=0', 'IMPOSSIBLE 1:18: signSteps must be 1 to 65536'],
    ['impdef rejects=none', 'IMPOSSIBLE 1:16: rejects must be one of toRam, any'],
    ['impdef chunk=[0]', 'IMPOSSIBLE 1:14: chunk must list sizes of 1 to 4096'],
    ['impdef unlistedOutputs=5', 'IMPOSSIBLE 1:24: unlistedOutputs takes a word, such as zero'],
    ['config {', 'SYNTAX 1:1: config takes JSON, as the config of machine.start in a trace'],
    ['config {}', /^IMPOSSIBLE 1:1: no such machine can boot: /],
    ['config null', 'IMPOSSIBLE 1:1: config takes an object'],
    ['config {"rmm": {"signSteps": 1e15}}', 'IMPOSSIBLE 1:1: rmm: signSteps must be 1 to 65536'],
  ])('%j make none', (source, error) => {
    expect(errorOf(source)).toMatch(error);
  });

  test('give each run under a personality a machine of its own', () => {
    const script = parse('personality spec tf-rmm\nrmi GRANULE_DELEGATE 0x80001000 => SUCCESS');
    const runs = runScript(script, { base: options.base });
    expect(runs.map(({ personality, differences }) => [personality, differences.length])).toEqual([
      ['spec', 0],
      ['tf-rmm', 0],
    ]);
    expect(
      runScript(script, { base: options.base, personality: 'islet' }).map(({ personality }) => personality),
    ).toEqual(['islet']);
  });

  test('turn single switches on and off', () => {
    const enter = 'realm r\nenter $r.rec0 { flags=inject_sea }';
    holds(`switch D5\n${enter} => ERROR_REC`);
    holds(`personality tf-rmm\nswitch -D5\n${enter} => entered`);
  });
});

test('clauses without a name hold where no other clause of the statement names the personality', () => {
  const source = 'rmi GRANULE_DELEGATE 1 => SUCCESS under tf-rmm => ERROR_INPUT';
  holds(source);
  expect(run(source, { personality: 'tf-rmm' }).differences.length).toBe(1);
});

test('help prints how statements are written, and the pages of commands', () => {
  expect(lastLine('help load')).toContain('the Realm reads memory');
  expect(holds('help RMI_RTT_FOLD').results[0]?.lines[0]).toContain('0xc4000166');
  expect(holds('help features').results[0]?.lines.filter((line) => line.includes('0xc4'))).toHaveLength(2);
  expect(lastLine('help nothing')).toContain('there is no help on nothing');
});

describe('any statements', () => {
  test('come to something, or say why they cannot', () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 40 }), (lines) => {
        const session = createSession({ base: options.base, personality: SPEC });
        const { statements, problems } = parse(`realm r { recs=2 pages=2 }\n${lines.join('\n')}`);
        expect(problems).toEqual([]);
        for (const statement of statements) {
          try {
            session.run(statement);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ScriptError', code: 'IMPOSSIBLE' });
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
