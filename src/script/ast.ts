import type { Layout } from '../bytes/index.ts';
import type { Command } from '../spec/index.ts';
import type { Place } from './problem.ts';

/** A value as a script writes it. Numbers have 64 bits and wrap; byte strings can be joined and repeated. */
export type Expression = Place &
  (
    | { readonly kind: 'number'; readonly value: bigint }
    | { readonly kind: 'bytes'; readonly value: Uint8Array }
    /** A constant of the ABI, or the name of a state where one is compared. */
    | { readonly kind: 'word'; readonly word: string }
    | { readonly kind: 'name'; readonly name: string }
    /** Contiguous granules out of the Host's account, aligned to their number; one when no count is given. */
    | { readonly kind: 'granule'; readonly count: Expression | undefined }
    | { readonly kind: 'negate' | 'invert'; readonly of: Expression }
    | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
  );
export type BinaryOp = '+' | '-' | '*' | '&' | '|' | '<<' | '>>';

/** A member of a structure, a result or an object, such as `top`, `x1` or `gprs[3]`. */
export interface Member extends Place {
  readonly name: string;
  readonly index: number | undefined;
}

/** `s2sz=40` */
export interface Field {
  readonly member: Member;
  readonly value: Expression;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** `top > $ipa`; `_` is any value. */
export interface Check {
  readonly member: Member;
  readonly compare: Comparison;
  readonly value: Expression | 'any';
}

/** What an act may come to. */
export type Pattern = Place &
  (
    | { readonly kind: 'any' }
    | { readonly kind: 'status'; readonly name: string; readonly index: number | undefined }
    | { readonly kind: 'value'; readonly value: Expression }
    | { readonly kind: 'exit'; readonly reason: string | undefined }
    | { readonly kind: 'exception'; readonly exception: string }
    /** Done without more to say; refused by the granule protection check; the Realm runs. */
    | { readonly kind: 'done' | 'fault' | 'entered' }
  );

/** `=> ERROR_RTT(2) or ERROR_INPUT by rtt_walk { top=$ipa } under tf-rmm` */
export interface Expectation extends Place {
  readonly patterns: readonly Pattern[];
  /** The failure condition that has to be the one. */
  readonly by: string | undefined;
  readonly checks: readonly Check[];
  /** Personalities for which this holds; none means all that no other clause of the statement names. */
  readonly under: readonly string[];
}

/** `-> x1=top`; without a source, the whole value that was read. */
export interface Binding {
  readonly source: Member | undefined;
  readonly name: string;
}

/** An argument by its place, or by the name of an input or register. */
export interface Argument {
  readonly name: Member | undefined;
  readonly value: Expression;
}

/** What is read or written at an address. */
export type Shape =
  | { readonly kind: 'structure'; readonly layout: Layout }
  | { readonly kind: 'number'; readonly type: string; readonly size: number; readonly signed: boolean }
  | { readonly kind: 'bytes'; readonly length: Expression | undefined };

/** The register of an instruction that can be emulated: `x3` is 64 bits wide, `w3` 32, `r3` is not said to be either. */
export interface Transfer {
  readonly srt: number;
  readonly sf: boolean | undefined;
  readonly signExtend: boolean | undefined;
}

/** An object of the machine that can be shown, and whose members can be expected. */
export type Subject = Place &
  (
    | { readonly kind: 'granule' | 'realm' | 'rec'; readonly address: Expression }
    | {
        readonly kind: 'rtt';
        readonly rd: Expression;
        readonly ipa: Expression | undefined;
        readonly level: Expression | undefined;
      }
    | { readonly kind: 'exit' }
    | { readonly kind: 'machine' }
    | { readonly kind: 'names' }
  );

/** What is set before a machine boots: its silicon, or what the specification leaves to an implementation. */
export type Setting = 'machine' | 'impdef';

export type Act =
  | { readonly act: 'setting'; readonly of: Setting; readonly fields: readonly Field[] }
  | { readonly act: 'personality'; readonly names: readonly string[] }
  /** Identifiers of switches, with a minus before those that are turned off. */
  | { readonly act: 'switch'; readonly changes: readonly string[] }
  | { readonly act: 'seed'; readonly seed: string }
  | { readonly act: 'config'; readonly json: string }
  | { readonly act: 'let'; readonly name: string; readonly value: Expression }
  | { readonly act: 'pe'; readonly pe: Expression }
  | { readonly act: 'realm'; readonly name: string; readonly fields: readonly Field[] }
  | {
      readonly act: 'call';
      readonly family: 'rmi' | 'rsi' | 'psci';
      readonly command: Command;
      readonly args: readonly Argument[];
    }
  | { readonly act: 'smc'; readonly caller: 'host' | 'realm'; readonly x: readonly Expression[] }
  | {
      readonly act: 'enter';
      readonly rec: Expression;
      readonly run: Expression | undefined;
      readonly fields: readonly Field[];
    }
  | {
      readonly act: 'read';
      readonly by: 'host' | 'realm';
      readonly shape: Shape;
      readonly address: Expression;
      readonly transfer: Transfer | undefined;
    }
  | {
      readonly act: 'write';
      readonly by: 'host' | 'realm';
      readonly shape: Shape;
      readonly address: Expression;
      /** The value of a number or of bytes; the members of a structure. */
      readonly value: Expression | readonly Field[];
      /** Whether members that are not named keep their value. */
      readonly keeps: boolean;
      readonly transfer: Transfer | undefined;
    }
  | { readonly act: 'fetch'; readonly address: Expression; readonly length: Expression | undefined }
  | { readonly act: 'wait'; readonly kind: 'wfi' | 'wfe'; readonly timeout: Expression | undefined }
  | { readonly act: 'hvc'; readonly imm: Expression }
  | { readonly act: 'interrupt'; readonly kind: 'IRQ' | 'FIQ' | 'SERROR'; readonly fields: readonly Field[] }
  | { readonly act: 'devices'; readonly rec: Expression; readonly fields: readonly Field[] }
  | {
      readonly act: 'expect';
      readonly subject: Subject;
      readonly reason: string | undefined;
      readonly checks: readonly Check[];
      readonly under: readonly string[];
    }
  | { readonly act: 'expect-register'; readonly check: Check; readonly under: readonly string[] }
  | {
      readonly act: 'expect-value';
      readonly left: Expression;
      readonly compare: Comparison;
      readonly right: Expression;
      readonly under: readonly string[];
    }
  | { readonly act: 'show'; readonly subject: Subject }
  | { readonly act: 'help'; readonly topic: string }
  /** One statement again and again, with a number that counts from `from` to `to`, both included. */
  | {
      readonly act: 'for';
      readonly name: string;
      readonly from: Expression;
      readonly to: Expression;
      readonly body: Statement;
    };

/** One statement of a script. */
export interface Statement extends Place {
  /** As it is written, on one line. */
  readonly text: string;
  /** The same without what is expected and kept. */
  readonly brief: string;
  readonly act: Act;
  readonly expectations: readonly Expectation[];
  readonly bindings: readonly Binding[];
}
