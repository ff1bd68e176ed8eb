/** Launches a Realm with the payload file that is named, piece by piece, and prints the peak resident memory in bytes. */
import { openSync, readSync } from 'node:fs';
import { launchRealm } from '../../dist/host/index.js';
import { bootMachine, PAYLOAD_BYTES, planOf } from './machine.mjs';
import { peakMemory } from './peak-memory.mjs';

const fd = openSync(process.argv[2], 'r');
const read = (offset, length) => {
  const piece = new Uint8Array(length);
  for (let got = 0; got < length; ) got += readSync(fd, piece, got, length - got, offset + got);
  return piece;
};
// What was launched stays alive until after the measurement.
const realm = launchRealm(bootMachine(), planOf(PAYLOAD_BYTES, read));
if (realm.recs.length !== 1) throw new Error('the Realm has no REC');
process.stdout.write(String(peakMemory()));
