import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { GRANULE } from '../abi/index.ts';
import type { IpaRange, PageWatcher } from '../host/index.ts';
import type { Platform } from '../platform/index.ts';

const PAGE = Number(GRANULE);

/** What memory keeps the bytes of a granule in. */
type PageBacking = Parameters<Platform['memory']['attach']>[1];

/** The memory of a Realm as a file: the byte at IPA `range.base + n` is byte n. Pages that nobody touched take no room. */
export interface SharedMemory {
  readonly path: string;
  readonly range: IpaRange;
  /** Keeps the pages of a Realm of this machine from now on, told of each. All else in the file is zero. */
  serve(platform: Platform): PageWatcher;
  /** IPAs outside the range at which the Realm got a page: its guest cannot see what the RMM writes there. */
  readonly unreachable: readonly bigint[];
  /** The machine keeps the bytes itself from here on. */
  close(): void;
}

/**
 * Makes the file, for this user alone.
 *
 * A page that the Host maps takes over what the guest has put at its place in the file: a guest may write to memory
 * before the Host has heard of it, as software may before its first fault.
 */
export const createSharedMemory = (path: string, range: IpaRange): SharedMemory => {
  const fd = openSync(path, 'wx+', 0o600);
  ftruncateSync(fd, Number(range.size));
  const unreachable: bigint[] = [];
  /** Granules whose bytes are in the file, with how to make the machine keep them itself. */
  const attached = new Map<bigint, () => void>();
  let served = false;
  const contains = (ipa: bigint): boolean => ipa >= range.base && ipa < range.base + range.size;

  const backing = (ipa: bigint): PageBacking => {
    const position = Number(ipa - range.base);
    return {
      load() {
        // Beyond the end of a file that its guest cut short there is nothing: it reads as zeros.
        const page = new Uint8Array(PAGE);
        for (let got = 0, count = -1; got < PAGE && count !== 0; got += count) {
          count = readSync(fd, page, got, PAGE - got, position + got);
        }
        return page;
      },
      store(page) {
        for (let put = 0; put < PAGE; ) put += writeSync(fd, page, put, PAGE - put, position + put);
      },
    };
  };

  return {
    path,
    range,
    unreachable,
    serve({ memory }) {
      if (served) {
        // Whoever still maps the file finds zeros in it.
        ftruncateSync(fd, 0);
        ftruncateSync(fd, Number(range.size));
      }
      served = true;
      unreachable.length = 0;
      // The machine before this one is gone, and nobody looks at its memory any more.
      attached.clear();
      return {
        mapped(ipa, pa, contents) {
          if (!contains(ipa)) {
            unreachable.push(ipa);
            return;
          }
          const page = backing(ipa);
          if (contents === 'loaded') page.store(memory.page(pa));
          memory.attach(pa, page);
          attached.set(pa, () => memory.detach(pa));
        },
        unmapped(_, pa) {
          attached.get(pa)?.();
          attached.delete(pa);
        },
      };
    },
    close() {
      for (const detach of attached.values()) detach();
      attached.clear();
      closeSync(fd);
    },
  };
};
