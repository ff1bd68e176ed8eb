import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFaultPlan } from '../../../src/cli/fault-plan.ts';
import { firmwareFolder, fixturesFolder, readFirmwareFolder } from '../../../src/cli/firmware-dir.ts';
import { nodeCrypto as crypto } from '../../../src/crypto/node.ts';
import {
  defaultOrder,
  HostError,
  launchRealm,
  PLAN_DEFAULTS,
  type RealmPlan,
  runGuest,
} from '../../../src/host/index.ts';
import { createPlatform, type Platform, type PlatformOptions } from '../../../src/platform/index.ts';
import type { TraceEvent } from '../../../src/trace/index.ts';
import { type FindingCode, type Report, verifyToken } from '../../../src/verify/index.ts';

const firmware = await readFirmwareFolder(firmwareFolder('good-1.0'), crypto);
export const challenge = Uint8Array.from({ length: 64 }, (_, i) => i);

/** The text of a committed plan. */
export const planText = (name: string): string =>
  readFileSync(join(fixturesFolder(), 'faults', `${name}.yaml`), 'utf8');

const parts = {
  ripas: [{ base: 0x8000_0000n, size: 0x40_0000n, block: 'auto' as const }],
  loads: [],
  recs: [{ pc: 0x8000_0000n, gprs: [], runnable: true }],
};
const realmPlan: RealmPlan = {
  ...PLAN_DEFAULTS,
  memory: { base: 0x8000_0000n, size: 0x40_0000n },
  rpv: new Uint8Array(64),
  ...parts,
  order: defaultOrder(parts),
};

/** What a machine and a verifier make of a plan. */
export interface Outcome {
  readonly platform: Platform;
  readonly events: readonly TraceEvent[];
  /** What EL3 answered the RMM, as X0 of each call by its name. */
  readonly el3: readonly string[];
  /** Why the RMM cannot attest, or undefined. */
  readonly problem: string | undefined;
  /** Why no token could be fetched, or undefined. */
  readonly refusal: string | undefined;
  readonly token: Uint8Array | undefined;
  readonly report: Report | undefined;
  /** Codes of the findings, in order. */
  readonly findings: readonly FindingCode[];
  /** Faults that had to fire and did not. */
  readonly missing: number;
}

/** Boots a machine under a plan, launches a Realm, lets it attest, and has the token judged with the chip's own anchor. */
export const outcomeOf = async (plan: string, settings: Partial<PlatformOptions> = {}): Promise<Outcome> => {
  const events: TraceEvent[] = [];
  const faults = await parseFaultPlan(plan, 'plan.yaml');
  const platform = createPlatform({ crypto, firmware, faults, trace: (event) => events.push(event), ...settings });
  let refusal: string | undefined;
  let token: Uint8Array | undefined;
  try {
    const realm = launchRealm(platform, realmPlan);
    token = runGuest(platform, realm, [{ do: 'attest', challenge }])[0]?.token;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    refusal = error.message;
  }
  const key = createPlatform({ crypto, firmware, ...settings, trace: undefined, faults: undefined }).hes.status().cpak;
  const report = token && verifyToken(token, { crypto, key, challenge });
  return {
    platform,
    events,
    el3: events.flatMap((event) =>
      event.type === 'el3.call' ? [`${event.call} ${BigInt.asIntN(64, event.result[0] ?? 0n)}`] : [],
    ),
    problem: platform.bootProblem?.says,
    refusal,
    token,
    report,
    findings: report?.findings.map(({ code }) => code) ?? [],
    missing: platform.faults?.missing().length ?? 0,
  };
};
