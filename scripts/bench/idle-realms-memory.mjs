/** Prints the peak resident memory of a process that holds Realms which were built and wait, in bytes. */
import { RmiRealmParams, RmiRecParams } from '../../dist/abi/index.js';
import { nodeCrypto } from '../../dist/crypto/node.js';
import * as hes from '../../dist/hes/index.js';
import { callRmi, createGranules } from '../../dist/host/index.js';
import { createPlatform } from '../../dist/platform/index.js';
import { committedFirmware } from '../lib/firmware.mjs';
import { peakMemory } from './peak-memory.mjs';

const REALMS = Number(process.argv[2]);
const AUX = 4;
const TABLES = 3;
/** The RD, the tables, the REC and what it needs; the rest of 16 granules is memory of the Realm. */
const DATA = 16 - 1 - TABLES - 1 - AUX;

const platform = createPlatform({
  crypto: nodeCrypto,
  firmware: committedFirmware(hes, nodeCrypto),
  machine: { vmid_width: 16, rec_aux_count: AUX },
});
const granules = createGranules(platform);
const page = granules.allocate();
const source = granules.allocate();

for (let vmid = 0; vmid < REALMS; vmid += 1) {
  const rd = granules.delegate();
  const params = {
    s2sz: 39,
    num_bps: 1,
    num_wps: 1,
    vmid,
    rtt_base: granules.delegate(),
    rtt_level_start: 1n,
    rtt_num_start: 1,
  };
  platform.write(page, RmiRealmParams.encode(params));
  callRmi(platform, 'REALM_CREATE', rd, page);
  for (let level = 2n; level <= 3n; level += 1n) callRmi(platform, 'RTT_CREATE', rd, granules.delegate(), 0n, level);
  for (let i = 0; i < DATA; i += 1) {
    const ipa = BigInt(i) * 0x1000n;
    platform.write(source, Uint8Array.of(vmid & 0xff, vmid >> 8, i));
    callRmi(platform, 'DATA_CREATE', rd, granules.delegate(), ipa, source, 1n);
  }
  const aux = Array.from({ length: AUX }, () => granules.delegate());
  platform.write(page, RmiRecParams.encode({ flags: 1n, num_aux: BigInt(AUX), aux }));
  callRmi(platform, 'REC_CREATE', rd, granules.delegate(), page);
  callRmi(platform, 'REALM_ACTIVATE', rd);
}

process.stdout.write(String(peakMemory()));
