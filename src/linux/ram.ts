import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRANULE } from '../abi/index.ts';
import type { PageWatcher } from '../host/index.ts';
import type { Platform } from '../platform/index.ts';
import { RAM_BASE } from './memory-map.ts';

/** The RAM of QEMU's machine: a file that both sides map, without a name. It is gone with the last that has it open. */
export interface Ram {
  readonly fd: number;
  read(pa: bigint, length: number): Uint8Array;
  write(pa: bigint, bytes: Uint8Array): void;
  /** Keeps the pages of a Realm here: what QEMU's CPUs see at an IPA is what the RMM has there. */
  pages(platform: Platform): PageWatcher;
  close(): void;
}

const SHARED_MEMORY = '/dev/shm';

/** Memory rather than a disk, where there is enough of it. */
const folderFor = (size: number): string => {
  if (!existsSync(SHARED_MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  return bavail * bsize > size ? SHARED_MEMORY : tmpdir();
};

const nameless = (size: number): number => {
  const folder = mkdtempSync(join(folderFor(size), 'swcca-linux-'));
  try {
    return openSync(join(folder, 'ram'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const createRam = (size: bigint): Ram => {
  const fd = nameless(Number(size));
  ftruncateSync(fd, Number(size));
  const attached: (() => void)[] = [];

  const read = (pa: bigint, length: number): Uint8Array => {
    const bytes = new Uint8Array(length);
    for (let got = 0; got < length; ) got += readSync(fd, bytes, got, length - got, Number(pa - RAM_BASE) + got);
    return bytes;
  };
  const write = (pa: bigint, bytes: Uint8Array): void => {
    for (let put = 0; put < bytes.length; ) {
      put += writeSync(fd, bytes, put, bytes.length - put, Number(pa - RAM_BASE) + put);
    }
  };

  return {
    fd,
    read,
    write,
    pages({ memory }) {
      return {
        // A page that was not loaded takes over what the guest has put there before the Host heard of it.
        mapped(ipa, pa, contents) {
          if (contents === 'loaded') write(ipa, memory.page(pa));
          memory.attach(pa, {
            load: () => read(ipa, Number(GRANULE)),
            store: (page) => write(ipa, page),
          });
          attached.push(() => memory.detach(pa));
        },
        unmapped(_, pa) {
          memory.detach(pa);
        },
      };
    },
    close() {
      for (const detach of attached.splice(0)) detach();
      closeSync(fd);
    },
  };
};
