import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { utf8 } from '../../../src/bytes/index.ts';
import { corpus } from '../../../src/cli/commands/corpus.ts';
import { token as tokenCommand } from '../../../src/cli/commands/token.ts';
import { parseFaultPlan } from '../../../src/cli/fault-plan.ts';
import { readSignedImage } from '../../../src/cli/firmware/mcuboot.ts';
import { parseBaseline } from '../../../src/cli/judge/baseline.ts';
import { machineFileText, readMachineFile } from '../../../src/cli/machine-file.ts';
import { parseCommandLine } from '../../../src/cli/parse.ts';
import { readRealm } from '../../../src/cli/realm/index.ts';
import { chipRecordToJson, parseChipRecord, parseFirmwareManifest } from '../../../src/hes/index.ts';
import { DEFAULT_PROFILE } from '../../../src/machine/index.ts';
import { parseScript } from '../../../src/script/index.ts';
import { chipAfter } from '../../cli/chip/record.ts';
import { aLine, fromFile, jsonBytes, jsonOf, mendable, type Parser, textOf } from './parser.ts';

const REALM_FILE = `realm:
  hash: sha-512
  ipa_width: 40
  rpv: "00aa"
  features: { sve_vl: 0, num_bps: 2, num_wps: 2, pmu_ctrs: 0, lpa2: false }
  memory: { base: 0x80000000, size: 256MiB }
  ripas: [ { base: 0x80000000, size: 256MiB, block: auto } ]
  tables: { start_level: auto, vmid: 1 }
  recs:
    - { pc: 0x80200000, gprs: { 0: 0x8fe00000 }, runnable: true }
  order: default
guest:
  - extend: { rem: 2, hex: "aa55" }
  - attest: { challenge: "0011" }
`;

const FAULT_PLAN = `version: 1
model: rmm
faults:
  - { at: hes.token, when: { nth: 1 }, act: { flip: 12 }, require_fired: true }
  - at: rmm.continue
    when: always
    act: { replace: "00" }
`;

const SCRIPT = `# one of each
personality spec tf-rmm
let rd = granule
let g = granule(4)
rmi GRANULE_DELEGATE $rd => SUCCESS
rmi GRANULE_DELEGATE 0x80001000 => ERROR_INPUT by gran_state under tf-rmm
for pa in 0x80002000..0x80004000 step 4KiB : rmi GRANULE_DELEGATE $pa => SUCCESS
write host 0x80000000 hex"ff" * 16 + "text"
read host 0x80000000 8 => hex"ff" -> value
expect granule $rd { state=DELEGATED gpt=GPT_REALM }
realm r { hash=SHA_512 }
rmi REC_ENTER $r.rec $g { gprs[0]=1 flags=(emul_mmio | inject_sea) } => exit HOST_CALL or SUCCESS
`;

const FIXTURES = fileURLToPath(new URL('../../../firmware-fixtures', import.meta.url));

/** An image with MCUboot's header, and a trailer that names the key. */
const mcubootImage = (): Uint8Array => {
  const image = new Uint8Array(32 + 16 + 4 + 4 + 32);
  const view = new DataView(image.buffer);
  view.setUint32(0, 0x96f3_b83d, true);
  view.setUint16(8, 32, true);
  view.setUint32(12, 16, true);
  view.setUint8(20, 1);
  view.setUint16(48, 0x6907, true);
  view.setUint16(50, 40, true);
  view.setUint16(52, 1, true);
  view.setUint16(54, 32, true);
  return image;
};

/** Readers of files that people write, and of the command line. */
export const TEXT_PARSERS = {
  script: {
    seeds: () => [utf8(SCRIPT)],
    make: () => (input) => {
      for (const { message } of parseScript(textOf(input)).problems) aLine(message);
    },
  },
  realm: {
    seeds: () => [utf8(REALM_FILE)],
    make: fromFile('realm.yaml', async (file) => {
      const options = { file, payloads: [], extends: [], challenge: undefined, hash: undefined, rpv: undefined };
      (await readRealm(options as Parameters<typeof readRealm>[0], () => undefined)).close();
    }),
  },
  machine: {
    seeds: () => [utf8(machineFileText(DEFAULT_PROFILE))],
    make: fromFile('machine.yaml', readMachineFile),
  },
  'fault-plan': {
    seeds: () => [utf8(FAULT_PLAN)],
    make: () => (input) => parseFaultPlan(textOf(input), 'plan.yaml').then(() => undefined, mendable),
  },
  'firmware-manifest': {
    seeds: () => ['good-1.0', 'multi-signer'].map((set) => readFileSync(join(FIXTURES, set, 'manifest.json'))),
    make: () => (input) => {
      const parsed = parseFirmwareManifest(jsonOf(input));
      if (!parsed.ok) aLine(`${parsed.problem.path} ${parsed.problem.says}`);
    },
  },
  'firmware-image': {
    seeds: () => [mcubootImage()],
    make: () => (input) => void readSignedImage(input),
  },
  chip: {
    seeds: () => [jsonBytes(chipRecordToJson(chipAfter(3)))],
    make: () => (input) => {
      const parsed = parseChipRecord(jsonOf(input));
      if (!parsed.ok) aLine(`${parsed.problem.path} ${parsed.problem.says}`);
    },
  },
  baseline: {
    seeds: () => [jsonBytes({ format: 'swcca/judge-baseline/v1', answers: { C01: 'refused', V01: 'accepted' } })],
    make: () => (input) => {
      try {
        parseBaseline('baseline.json', textOf(input));
      } catch (error) {
        mendable(error);
      }
    },
  },
  'command-line': {
    seeds: () =>
      [
        '--challenge\n00ff\n--hash\nsha-512\n--rpv=aa\n--extend\n1=@x\n--chunk\n1,7,4096\n-o\nx',
        '--only\nC01,R15\n--random\n7\n--shard\n2/8\n--outer=907\n--rak-order\nkty,crv,x,y\n--switch=-D5\n--payload\nx@0x80000000',
      ].map(utf8),
    make: () => (input) => {
      for (const command of [tokenCommand, corpus]) {
        try {
          parseCommandLine(command, textOf(input).split('\n'));
        } catch (error) {
          mendable(error);
        }
      }
    },
  },
} as const satisfies Record<string, Parser>;
