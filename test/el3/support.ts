import { E_RMM, EL3_FIDS, type El3Call, type ERmm, type HesPort, type PsaReply } from '../../src/abi/index.ts';
import { createEl3, type El3Options } from '../../src/el3/index.ts';
import { type MachineProfile, machineProfile, PhysicalMemory } from '../../src/machine/index.ts';

/** A HES that answers what it is told to, and remembers what it was asked. */
export class FakeHes implements HesPort {
  key: PsaReply<Uint8Array> = { status: 'PSA_SUCCESS', value: new Uint8Array(48).fill(0xaa) };
  token: PsaReply<Uint8Array> = { status: 'PSA_SUCCESS', value: Uint8Array.from({ length: 1000 }, (_, i) => i & 255) };
  point: PsaReply<Uint8Array> = { status: 'PSA_SUCCESS', value: new Uint8Array(97).fill(4) };
  signature: PsaReply<Uint8Array> = { status: 'PSA_SUCCESS', value: new Uint8Array(96).fill(0x51) };
  readonly asked: unknown[] = [];

  getDelegatedKey(request: Parameters<HesPort['getDelegatedKey']>[0]): PsaReply<Uint8Array> {
    this.asked.push(request);
    return this.key;
  }

  getPlatformToken(request: Parameters<HesPort['getPlatformToken']>[0]): PsaReply<Uint8Array> {
    this.asked.push(request);
    return this.token;
  }

  getDelegatedPublicKey(request: Parameters<HesPort['getDelegatedPublicKey']>[0]): PsaReply<Uint8Array> {
    this.asked.push(request);
    return this.point;
  }

  signWithDelegatedKey(request: Parameters<HesPort['signWithDelegatedKey']>[0]): PsaReply<Uint8Array> {
    this.asked.push(request);
    return this.signature;
  }
}

export const setUp = (config: El3Options['config'] = {}, profile: Partial<MachineProfile> = {}) => {
  const memory = new PhysicalMemory(machineProfile(profile));
  const hes = new FakeHes();
  const el3 = createEl3({ memory, hes, config });
  const smc = (call: El3Call, ...args: (bigint | number)[]): bigint[] =>
    el3.rmmSmc([BigInt(EL3_FIDS[call].fid), ...args.map(BigInt)]);
  return { memory, hes, el3, smc, page: el3.sharedBuffer };
};

/** A status as X0 holds it. */
export const x0 = (status: ERmm): bigint => BigInt.asUintN(64, E_RMM[status]);
