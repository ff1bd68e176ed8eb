import { MAX_CPUS } from '../../linux/index.ts';
import { cli } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { attestOptions } from '../options/attest.ts';
import { common } from '../options/common.ts';
import { dialectOptions } from '../options/dialect.ts';
import { machineOptions } from '../options/machine.ts';
import { platformOptions } from '../options/platform.ts';
import { path, text, wholeNumber } from '../options/values.ts';

const { challenge, hash, rpv } = attestOptions;

export const linux = cli({
  summary: 'Boot an arm64 Linux of yours as a Realm under QEMU: this RMM answers its kernel.',
  operands: [],
  options: {
    kernel: path('the kernel: an arm64 Image of Linux 6.13 or newer, as it is, by gzip, or as EFI zboot with gzip'),
    initrd: path('the initial RAM disk; the driver arm-cca-guest is a module in most kernels, and belongs into it'),
    cmdline: text('TEXT', 'what the kernel is told, after console=ttyAMA0 panic=-1'),
    challenge: {
      ...challenge,
      help: 'added to the command line as swcca.challenge=HEX, for an initrd that reads /proc/cmdline',
    },
    out: path('the last token that the guest was given; exit 1 when it took none', { short: 'o' }),
    memory: wholeNumber('RAM of the Realm in MiB', 64, 2048, { default: '512' }),
    cpus: wholeNumber('vCPUs, each a REC', 1, MAX_CPUS, { default: '1' }),
    realm: path('a Realm file (YAML): its hash, rpv and features; kernel and devices make up the rest'),
    hash,
    rpv,
    response: path(
      'a response script, which answers the attestation calls in place of the RMM: docs/response-script.md',
    ),
    timeout: wholeNumber('end after so many seconds, exit 1; by default never', 1, 86_400),
    qemu: text('PROGRAM', 'QEMU for arm64, 7.2 or newer', { default: 'qemu-system-aarch64' }),
    'qemu-cpu': text('MODEL', "QEMU's model of the CPUs", { default: 'cortex-a72' }),
    ...machineOptions,
    ...platformOptions,
    ...dialectOptions,
    ...common,
  },
  examples: [
    ['linux --kernel Image --initrd initrd.cpio', 'its console is here; Ctrl-] ends it'],
    ['linux --kernel Image --initrd initrd.cpio --cpus 4 --memory 1024', 'a larger Realm'],
    [
      'linux --kernel Image --initrd initrd.cpio --challenge @nonce.bin -o token.cbor',
      'keep the token that its driver took',
    ],
    ['linux --kernel Image --initrd initrd.cpio --chunk 1,7,100', 'a token in many pieces for the real driver'],
    ['linux --kernel Image --initrd initrd.cpio --response odd.txt', 'an RMM that answers as no sound one does'],
    ['linux --kernel Image --initrd initrd.cpio --faults plan.yaml --timeout 60', 'what can go wrong, in bounded time'],
  ],
  run: async (call): Promise<ExitCode> => (await import('../run/linux.ts')).runLinux(call),
});
