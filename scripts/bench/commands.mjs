import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { RmiRecEnter, RsiHostCall } from '../../dist/abi/index.js';
import { createGranules, enterVcpu, launchRealm } from '../../dist/host/index.js';
import { FID } from './fids.mjs';
import { bootMachine, planOf } from './machine.mjs';

/** Commands a second of the reference RMM's host build, beside SHA-256 of 64 bytes by OpenSSL on the same machine. */
const REFERENCE = { delegate: 657_000, extend: 253_000, read: 297_000, enter: 43_600, sha256: 295e6 };

const SHA_BYTES = 64;

const opensslSpeed = () => {
  const run = spawnSync('openssl', ['speed', '-evp', 'sha256', '-bytes', String(SHA_BYTES), '-seconds', '1'], {
    encoding: 'utf8',
  });
  const [, thousands] = /^sha256\s+([\d.]+)k/im.exec(run.stdout ?? '') ?? [];
  return Number(thousands ?? 0) * 1000;
};

/** Bytes a second of SHA-256 over 64 bytes: by the OpenSSL on the path, else by the one inside Node, called once for each. */
const sha256Rate = () => {
  // The best of a few: what else runs can only take away.
  const rate = Math.max(opensslSpeed(), opensslSpeed(), opensslSpeed());
  if (rate > 0) return { rate, by: 'openssl speed' };
  const message = new Uint8Array(SHA_BYTES);
  const calls = 200_000;
  const started = performance.now();
  for (let i = 0; i < calls; i += 1) hash('sha256', message, 'buffer');
  return { rate: (calls * SHA_BYTES * 1000) / (performance.now() - started), by: 'Node' };
};

const SAMPLES = 30;
const BATCH = 4000;

/**
 * Milliseconds of processor time that a thousand calls take: the least of several batches, collections of garbage within
 * them, after some that are not counted. Processor time, as OpenSSL counts it; the least, since a machine that others use
 * can only make it more.
 */
const msPerThousand = (batch) => {
  batch(2 * BATCH);
  const times = Array.from({ length: SAMPLES }, () => {
    const started = process.cpuUsage();
    batch(BATCH);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / BATCH;
  });
  return Math.min(...times);
};

/** A Realm with one REC that runs on PE 0, and a page of its memory that holds an RsiHostCall. */
const runningRealm = () => {
  const platform = bootMachine();
  const granules = createGranules(platform);
  const page = RsiHostCall.encode({ imm: 1, gprs: [1n, 2n, 3n] });
  const plan = planOf(0x1000, (_, length) => (length === 0x1000 ? padded(page) : page.subarray(0, length)));
  const realm = launchRealm(platform, plan, { granules });
  enterVcpu({ platform, realm, policy: {} }, { rec: realm.recs[0], pe: 0, pending: undefined });
  return { platform, realm, granules, hostCall: plan.memory.base };
};

const padded = (bytes) => {
  const page = new Uint8Array(0x1000);
  page.set(bytes);
  return page;
};

/** What is timed is what it should be: the command succeeds. */
const must = (reply, kind) => {
  const succeeded = reply.kind === kind && (kind === 'enter' || reply.x[0] === 0n);
  if (!succeeded) throw new Error(`bench: a command came to ${reply.kind}, X0 ${reply.x?.[0]}`);
};

const batches = () => {
  const { platform, realm, granules, hostCall } = runningRealm();
  const host = 1;
  const free = granules.allocate();
  const ipa = realm.plan.memory.base;
  const { rec, run_ptr } = realm.recs[0];
  const value = [0x0123_4567_89ab_cdefn, ...Array(7).fill(0n)];
  return {
    delegate(count) {
      for (let i = 0; i < count; i += 2) {
        platform.smc([FID.RMI_GRANULE_DELEGATE, free], host);
        platform.smc([FID.RMI_GRANULE_UNDELEGATE, free], host);
      }
    },
    readEntry(count) {
      for (let i = 0; i < count; i += 1) platform.smc([FID.RMI_RTT_READ_ENTRY, realm.rd, ipa, 3n], host);
    },
    read(count) {
      for (let i = 0; i < count; i += 1) platform.realmSmc([FID.RSI_MEASUREMENT_READ, 1n]);
    },
    extend(count) {
      for (let i = 0; i < count; i += 1) platform.realmSmc([FID.RSI_MEASUREMENT_EXTEND, 1n, 64n, ...value]);
    },
    enter(count) {
      platform.write(run_ptr, RmiRecEnter.encode({}));
      for (let i = 0; i < count; i += 1) {
        platform.realmSmc([FID.RSI_HOST_CALL, hostCall]);
        platform.smc([FID.RMI_REC_ENTER, rec, run_ptr]);
      }
    },
    check() {
      must(platform.smc([FID.RMI_GRANULE_DELEGATE, free], host), 'return');
      must(platform.smc([FID.RMI_GRANULE_UNDELEGATE, free], host), 'return');
      must(platform.smc([FID.RMI_RTT_READ_ENTRY, realm.rd, ipa, 3n], host), 'return');
      must(platform.realmSmc([FID.RSI_MEASUREMENT_EXTEND, 1n, 64n, ...value]), 'return');
      must(platform.realmSmc([FID.RSI_MEASUREMENT_READ, 1n]), 'return');
      must(platform.realmSmc([FID.RSI_HOST_CALL, hostCall]), 'exit');
      must(platform.smc([FID.RMI_REC_ENTER, rec, run_ptr]), 'enter');
    },
  };
};

const WHAT = {
  delegate: 'GRANULE_DELEGATE and UNDELEGATE',
  readEntry: 'RTT_READ_ENTRY',
  read: 'MEASUREMENT_READ',
  extend: 'MEASUREMENT_EXTEND of 64 bytes',
  enter: 'REC_ENTER and HOST_CALL, there and back',
};

/**
 * A thousand commands, warm, by a thousand of the reference RMM on a machine as fast as this one: its figures, scaled by
 * SHA-256 of 64 bytes here and there. RTT_READ_ENTRY was not measured there, so it stands beside MEASUREMENT_READ.
 */
export const commands = () => {
  const work = batches();
  work.check();
  const { rate, by } = sha256Rate();
  const scale = rate / REFERENCE.sha256;
  return Object.entries(WHAT).map(([name, what]) => {
    const subjectMs = msPerThousand(work[name]);
    const yardstickMs = 1e6 / ((REFERENCE[name] ?? REFERENCE.read) * scale);
    return {
      id: `commands-${name}`,
      what: `1000 × ${what}, by the reference RMM (${by}: ${Math.round(rate / 1e6)} MB/s)`,
      subjectMs,
      yardstickMs,
      ratio: subjectMs / yardstickMs,
      limit: 1,
    };
  });
};
