import { type Bench, fid } from './bench.ts';
import { ALL_ONES, IPA_LIMIT, row, UNPROTECTED, UNTABLED } from './row.ts';

/** A page of the Realm that has memory, one that has RIPAS RAM and no memory, and one that has neither. */
const BUFFER = 0x2000n;
const UNASSIGNED = 0x1000n;
const EMPTY = 0x8000n;

const running = (b: Bench): Bench => b.std().enter();
const read = (b: Bench, index: bigint) => running(b).realm('RSI_MEASUREMENT_READ', index);
const extend = (b: Bench, index: bigint, size: bigint) =>
  running(b).realm('RSI_MEASUREMENT_EXTEND', index, size, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n);

export const rsiRows = [
  row(274, '1.0', (b) => running(b).realm('RSI_VERSION', 0x1_0000n)),
  row(275, '1.1', (b) => running(b).realm('RSI_VERSION', 0x1_0001n)),
  row(276, '2.0', (b) => running(b).realm('RSI_VERSION', 0x2_0000n)),
  row(277, '0', (b) => running(b).realm('RSI_FEATURES', 0n)),
  row(278, '7', (b) => running(b).realm('RSI_FEATURES', 7n)),
  row(279, 'a hole in the range', (b) => running(b).realm(0xc400_019an)),
  row(280, 'a function of RMI', (b) => running(b).realm(fid('RMI_VERSION'))),
  row(281, 'SMCCC_VERSION', (b) => running(b).realm(0x8000_0000n)),
  row(282, 'SMCCC_ARCH_FEATURES', (b) => running(b).realm(0x8000_0001n)),
  row(283, 'RSI_VERSION by the SMC32 convention', (b) => running(b).realm(0x8400_0190n)),
  row(284, 'RSI_VERSION with the SVE hint', (b) => running(b).realm(0xc401_0190n, 0x1_0000n)),

  row(285, '0', (b) => read(b, 0n)),
  row(286, '1', (b) => read(b, 1n)),
  row(287, '4', (b) => read(b, 4n)),
  row(288, '5', (b) => read(b, 5n)),
  row(289, '2^64 - 1', (b) => read(b, ALL_ONES)),
  row(290, '0', (b) => extend(b, 0n, 0x20n)),
  row(291, '64 bytes', (b) => extend(b, 1n, 0x40n)),
  row(292, '65 bytes', (b) => extend(b, 1n, 0x41n)),
  row(293, 'no byte', (b) => extend(b, 4n, 0n)),
  row(294, '5', (b) => extend(b, 5n, 0x20n)),
  row(295, '2^64 - 1 bytes', (b) => extend(b, 1n, ALL_ONES)),

  row(318, 'as it should be', (b) => running(b).realm('RSI_REALM_CONFIG', BUFFER)),
  row(319, 'unaligned', (b) => running(b).realm('RSI_REALM_CONFIG', BUFFER + 8n)),
  row(320, 'Unprotected', (b) => running(b).realm('RSI_REALM_CONFIG', UNPROTECTED)),
  row(321, 'EMPTY', (b) => running(b).realm('RSI_REALM_CONFIG', EMPTY)),
  row(322, 'RAM without memory', (b) => running(b).realm('RSI_REALM_CONFIG', UNASSIGNED)),
  row(323, 'where IPAs end', (b) => running(b).realm('RSI_REALM_CONFIG', IPA_LIMIT)),

  row(349, 'as it should be', (b) => running(b).realm('RSI_HOST_CALL', BUFFER)),
  row(350, 'unaligned', (b) => running(b).realm('RSI_HOST_CALL', BUFFER + 0x80n)),
  row(351, 'inside a page', (b) => running(b).realm('RSI_HOST_CALL', BUFFER + 0x100n)),
  row(352, 'Unprotected', (b) => running(b).realm('RSI_HOST_CALL', UNPROTECTED)),
  row(353, 'EMPTY', (b) => running(b).realm('RSI_HOST_CALL', EMPTY)),
  row(354, 'RAM without memory', (b) => running(b).realm('RSI_HOST_CALL', UNASSIGNED)),
  row(355, 'when the Host has answered', (b) => {
    running(b).realm('RSI_HOST_CALL', BUFFER);
    return b.registers({ gprs: [200n, 201n, 202n] });
  }),

  row(356, 'as it should be', (b) => running(b).realm('PSCI_VERSION')),
  row(357, 'as it should be', (b) => running(b).realm('PSCI_FEATURES', fid('PSCI_CPU_ON'))),
  row(358, 'no function', (b) => running(b).realm('PSCI_FEATURES', 0x8400_0fffn)),
  row(359, 'the caller', (b) => running(b).realm('PSCI_CPU_ON', 0n, 0x1000n, 0n)),
  row(360, 'nobody', (b) => running(b).realm('PSCI_CPU_ON', 1n, 0x1000n, 0n)),
  row(361, 'Unprotected', (b) => running(b).realm('PSCI_CPU_ON', 1n, UNPROTECTED, 0n)),
  row(362, 'the caller', (b) => running(b).realm('PSCI_AFFINITY_INFO', 0n, 0n)),
  row(363, 'level 1', (b) => running(b).realm('PSCI_AFFINITY_INFO', 0n, 1n)),
  row(364, 'nobody', (b) => running(b).realm('PSCI_AFFINITY_INFO', 1n, 0n)),
  row(365, 'as it should be', (b) => running(b).realm('PSCI_CPU_SUSPEND')),
  row(366, 'as it should be', (b) => running(b).realm('PSCI_CPU_OFF')),
  row(367, 'as it should be', (b) => running(b).realm('PSCI_SYSTEM_OFF')),
  row(368, 'as it should be', (b) => running(b).realm('PSCI_SYSTEM_RESET')),
  row(369, 'PSCI_MIGRATE', (b) => running(b).realm(0x8400_0005n)),
  row(370, 'PSCI_SYSTEM_RESET2', (b) => running(b).realm(0xc400_0012n)),
];

const PAGE = 0x1000n;
const init = (b: Bench, first = 0n): Bench => {
  const challenge = Array.from({ length: 8 }, (_, i) => first + BigInt(i));
  b.realm('RSI_ATTESTATION_TOKEN_INIT', ...challenge);
  return b;
};
const proceed = (b: Bench, addr: bigint, offset: bigint, size: bigint) =>
  b.realm('RSI_ATTESTATION_TOKEN_CONTINUE', addr, offset, size);

export const attestRows = [
  row(296, 'as it should be', (b) => running(b).realm('RSI_ATTESTATION_TOKEN_INIT', 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n)),
  row(297, 'a second time', (b) =>
    init(running(b), 1n).realm('RSI_ATTESTATION_TOKEN_INIT', 0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n),
  ),
  row(298, 'no INIT', (b) => proceed(running(b), BUFFER, 0n, PAGE)),
  row(299, 'unaligned', (b) => proceed(init(running(b)), BUFFER + 0x800n, 0n, 0x100n)),
  row(300, 'offset of a page', (b) => proceed(init(running(b)), BUFFER, PAGE, 0x100n)),
  row(301, 'beyond the page', (b) => proceed(init(running(b)), BUFFER, 0x800n, 0x801n)),
  row(302, 'beyond 2^64', (b) => proceed(init(running(b)), BUFFER, 0x100n, ALL_ONES)),
  row(303, 'more than a page', (b) => proceed(init(running(b)), BUFFER, 0n, PAGE + 1n)),
  row(304, 'no byte', (b) => proceed(init(running(b)), BUFFER, 0n, 0n)),
  row(305, 'Unprotected', (b) => proceed(init(running(b)), UNPROTECTED, 0n, PAGE)),
  row(306, 'where IPAs end', (b) => proceed(init(running(b)), IPA_LIMIT, 0n, PAGE)),
  row(307, 'EMPTY', (b) => proceed(init(running(b)), EMPTY, 0n, PAGE)),
  row(308, 'RAM without memory', (b) => proceed(init(running(b)), UNASSIGNED, 0n, PAGE)),
  row(309, 'no table', (b) => proceed(init(running(b)), UNTABLED, 0n, PAGE)),
  row(310, 'one byte', (b) => proceed(init(running(b)), BUFFER, 0n, 1n)),
  row(311, 'a page', (b) => proceed(init(running(b)), BUFFER, 0n, PAGE)),
  row(312, 'an offset', (b) => proceed(init(running(b)), BUFFER, 0x80n, 0x100n)),
  row(313, 'after the end', (b) => {
    proceed(init(running(b)), BUFFER, 0n, PAGE);
    return proceed(b, BUFFER, 0n, PAGE);
  }),
  row(314, 'unaligned, and no INIT', (b) => proceed(running(b), BUFFER + 8n, 0n, PAGE)),
  row(315, 'INIT between', (b) => {
    proceed(init(running(b)), BUFFER, 0n, 0x100n);
    return proceed(init(b), BUFFER, 0n, PAGE);
  }),
  row(316, 'IRQ at the first step of signing', (b) => {
    init(running(b)).platform.interrupt('IRQ', { polls: 1 });
    return proceed(b, BUFFER, 0n, PAGE);
  }),
  row(317, 'after that, when the Realm runs again', (b) => {
    init(running(b)).platform.interrupt('IRQ', { polls: 1 });
    proceed(b, BUFFER, 0n, PAGE);
    return b.registers();
  }),
];
