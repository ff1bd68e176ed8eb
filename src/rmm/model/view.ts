import type { RmiHashAlgorithm } from '../../abi/index.ts';
import type { Crypto, Hash } from '../../crypto/index.ts';
import type { GptEntry, MachineProfile } from '../../machine/index.ts';
import type { Dialect } from '../../token/index.ts';
import type { AttestationKeys } from '../attestation-keys.ts';
import type { TokenSigner } from '../token-signer.ts';
import type { ImpDef } from './config.ts';
import type { GranuleState } from './granule.ts';
import type { Step } from './measurement.ts';
import type { Realm } from './realm.ts';
import type { Rec } from './rec.ts';
import type { Rtt, Rtte } from './rtt.ts';

/** Where an RTT walk stopped (RMM 1.0 A5.5.5): the table reached, the entry in it. */
export interface Walk {
  readonly level: number;
  readonly rtt: bigint;
  readonly index: number;
  readonly rtte: Rtte;
}

/** The monitor as conditions see it: it can be read, and nothing else. */
export interface RmmView {
  readonly profile: MachineProfile;
  readonly impDef: ImpDef;
  readonly crypto: Crypto;
  /** The form of the tokens that this RMM makes. */
  readonly dialect: Dialect;
  /** What the RMM got from HES at boot; undefined when that failed. */
  readonly attestation: AttestationKeys | undefined;
  /** The way to have Realm tokens signed by EL3; undefined where the RMM signs them. */
  readonly signer: Pick<TokenSigner, 'sharedBuffer'> | undefined;
  granule(pa: bigint): GranuleState;
  gpt(pa: bigint): GptEntry;
  /** Memory that the Host may delegate: PaIsDelegable (RMM 1.0 B3.25). */
  isDelegable(pa: bigint): boolean;
  /** Meaningful once `granule(rd)` is RD. */
  realm(rd: bigint): Realm;
  /** Meaningful once `granule(rec)` is REC. */
  rec(rec: bigint): Rec;
  rtt(rtt: bigint): Rtt;
  /** RttWalk: from the starting level towards `level` (RMM 1.0 B3.78). Total: the IPA is cut to the Realm's width. */
  walk(rd: bigint, ipa: bigint, level: number): Walk;
  vmidIsFree(vmid: number): boolean;
  /** The granule's bytes, shared: not to be written to. */
  contents(pa: bigint): Uint8Array;
  hash(algorithm: RmiHashAlgorithm): Hash;
  /** RECs on which a token is under way. */
  recsWithTokens(): readonly bigint[];
  /** RECs whose owner is `rd`, by RmiRecMpidr order of creation. */
  recsOf(rd: bigint): readonly bigint[];
}

/** The monitor as effects see it. Each change goes to the journal and to the trace from here, and from nowhere else. */
export interface RmmModel extends RmmView {
  readonly signer: TokenSigner | undefined;
  setGranule(pa: bigint, to: GranuleState): void;
  /** Makes the contents unobservable. */
  wipe(pa: bigint): void;
  copyGranule(from: bigint, to: bigint): void;
  write(pa: bigint, bytes: Uint8Array): void;
  /** 32 fresh bytes. */
  draw(): Uint8Array;
  createRealm(rd: bigint, realm: Realm): void;
  updateRealm(rd: bigint, change: Partial<Realm>): void;
  removeRealm(rd: bigint): void;
  createRec(rec: bigint, value: Rec): void;
  updateRec(rec: bigint, change: Partial<Rec>): void;
  removeRec(rec: bigint): void;
  putRtt(rtt: bigint, value: Rtt): void;
  removeRtt(rtt: bigint): void;
  setRtte(rtt: bigint, index: number, entry: Rtte): void;
  /** Replaces one measurement; `name` is the step's, for the trace. */
  measure(rd: bigint, slot: number, name: string, step: Step): void;
  /** Asks EL3 to move a granule between physical address spaces: the status EL3 answers, 0 for done. */
  gtsi(to: 'REALM' | 'NS', pa: bigint): bigint;
}
