/** A range of intermediate physical addresses. */
export interface IpaRange {
  readonly base: bigint;
  /** In bytes. */
  readonly size: bigint;
}

/** What a Realm may see of the machine, as people count it: encoded only where the ABI is written. */
export interface RealmFeatures {
  /** SVE vector length in bits, a multiple of 128; 0 is a Realm without SVE. */
  readonly sveVl: number;
  readonly numBps: number;
  readonly numWps: number;
  /** PMU counters; 0 is a Realm without a PMU. */
  readonly pmuCtrs: number;
  readonly lpa2: boolean;
}

/** A range that RMI_RTT_INIT_RIPAS makes RAM, by entries of `block` bytes: the shape of the tables decides the RIM. */
export interface RipasPlan extends IpaRange {
  /** 4 KiB, 2 MiB or 1 GiB; `auto` is, at each address, the largest that is aligned and fits. */
  readonly block: 'auto' | number;
}

/** Bytes that RMI_DATA_CREATE copies into the Realm, page by page; the last page is filled with zeros. */
export interface LoadPlan {
  /** What people call it, for traces and errors. */
  readonly name: string;
  /** First IPA, granule-aligned. */
  readonly at: bigint;
  /** Whether the content extends the RIM; address and flag do so in any case. */
  readonly measured: boolean;
  /** In bytes, at least 1. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`: both lie within `size`. Called once for each piece, in ascending order. */
  read(offset: number, length: number): Uint8Array;
}

export interface RecPlan {
  readonly pc: bigint;
  /** X0 to X7. */
  readonly gprs: readonly bigint[];
  readonly runnable: boolean;
}

/** One step of construction: an index into the list of that name. */
export type BuildStep = { readonly build: 'ripas' | 'load' | 'rec'; readonly index: number };

/** A Realm as a Host is asked to build it. The order of steps and the shape of tables decide the RIM. */
export interface RealmPlan {
  readonly hash: 'sha-256' | 'sha-512';
  /** In bits. */
  readonly ipaWidth: number;
  /** 64 bytes. */
  readonly rpv: Uint8Array;
  readonly features: RealmFeatures;
  readonly memory: IpaRange;
  readonly tables: {
    /** Level at which the walk starts, -1 to 3; `auto` leaves it to the Host, since no measurement depends on it. */
    readonly startLevel: 'auto' | number;
    readonly vmid: number;
  };
  readonly ripas: readonly RipasPlan[];
  readonly loads: readonly LoadPlan[];
  readonly recs: readonly RecPlan[];
  /** Each index of the three lists exactly once. */
  readonly order: readonly BuildStep[];
}

/** What the software in the Realm does, in order. */
export type GuestStep =
  | {
      readonly do: 'extend';
      /** 1 to 4, as RSI_MEASUREMENT_EXTEND counts. */
      readonly rem: number;
      /** 1 to 64 bytes. */
      readonly value: Uint8Array;
    }
  | {
      readonly do: 'attest';
      /** 64 bytes; undefined: whoever runs the guest draws one. */
      readonly challenge: Uint8Array | undefined;
    };

/** What holds where nothing else is said. */
export const PLAN_DEFAULTS = {
  hash: 'sha-256',
  ipaWidth: 40,
  features: { sveVl: 0, numBps: 2, numWps: 2, pmuCtrs: 0, lpa2: false },
  memory: { base: 0x8000_0000n, size: 0x1000_0000n },
  tables: { startLevel: 'auto', vmid: 1 },
} as const satisfies Partial<RealmPlan>;

/** RIPAS in ascending order of address, then loads as listed, then RECs. */
export const defaultOrder = ({ ripas, loads, recs }: Pick<RealmPlan, 'ripas' | 'loads' | 'recs'>): BuildStep[] => {
  const ascending = [...ripas.keys()].sort((a, b) => Number((ripas[a]?.base ?? 0n) - (ripas[b]?.base ?? 0n)));
  return [
    ...ascending.map((index): BuildStep => ({ build: 'ripas', index })),
    ...loads.map((_, index): BuildStep => ({ build: 'load', index })),
    ...recs.map((_, index): BuildStep => ({ build: 'rec', index })),
  ];
};
