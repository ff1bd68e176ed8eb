import { row } from './row.ts';

/** Versions, features, and numbers that are no function. */
export const callRows = [
  row(1, '1.0', (b) => b.rmi('RMI_VERSION', 0x1_0000n)),
  row(2, '1.1', (b) => b.rmi('RMI_VERSION', 0x1_0001n)),
  row(3, '2.0', (b) => b.rmi('RMI_VERSION', 0x2_0000n)),
  row(4, '0.0', (b) => b.rmi('RMI_VERSION', 0n)),
  row(5, '0', (b) => b.rmi('RMI_FEATURES', 0n)),
  row(6, '1', (b) => b.rmi('RMI_FEATURES', 1n)),
  row(7, '0xffffffff', (b) => b.rmi('RMI_FEATURES', 0xffff_ffffn)),
  row(8, 'a hole in the range', (b) => b.rmi(0xc400_0156n)),
  row(9, 'another hole in the range', (b) => b.rmi(0xc400_0160n)),
  row(10, 'behind the last command', (b) => b.rmi(0xc400_016an)),
  row(12, 'RMI_VERSION with the SVE hint', (b) => b.rmi(0xc401_0150n, 0x1_0000n)),
  // EL3 answers these two itself.
  row(11, 'RMI_VERSION by the SMC32 convention', (b) => b.rmi(0x8400_0150n)),
  row(13, 'a function of RSI', (b) => b.rmi('RSI_VERSION')),

  row(14, 'NS', (b) => b.rmi('RMI_GRANULE_DELEGATE', b.page())),
  row(15, 'unaligned', (b) => b.rmi('RMI_GRANULE_DELEGATE', b.page() + 1n)),
  row(16, 'below DRAM', (b) => b.rmi('RMI_GRANULE_DELEGATE', 0x7fff_f000n)),
  row(17, 'where DRAM ends', (b) => b.rmi('RMI_GRANULE_DELEGATE', 0xc000_0000n)),
  row(18, '2^63', (b) => b.rmi('RMI_GRANULE_DELEGATE', 1n << 63n)),
  row(19, 'a second time', (b) => b.rmi('RMI_GRANULE_DELEGATE', b.delegated())),
  row(20, 'RD', (b) => b.std().rmi('RMI_GRANULE_DELEGATE', b.rd)),
  row(21, 'NS', (b) => b.rmi('RMI_GRANULE_UNDELEGATE', b.page())),
  row(22, 'DELEGATED', (b) => b.rmi('RMI_GRANULE_UNDELEGATE', b.delegated())),
  row(23, 'unaligned', (b) => b.rmi('RMI_GRANULE_UNDELEGATE', b.delegated() + 8n)),
  row(24, 'RD', (b) => b.std().rmi('RMI_GRANULE_UNDELEGATE', b.rd)),
  row(25, 'RTT', (b) => b.std().rmi('RMI_GRANULE_UNDELEGATE', b.pa('root'))),
  row(26, 'DATA', (b) => b.std().rmi('RMI_GRANULE_UNDELEGATE', b.pa('data'))),
  row(27, 'REC', (b) => b.std().rmi('RMI_GRANULE_UNDELEGATE', b.rec)),
  row(28, 'was DATA', (b) => {
    b.must(b.std().rmi('RMI_DATA_DESTROY', b.rd, 0n));
    return b.rmi('RMI_GRANULE_UNDELEGATE', b.pa('data'));
  }),
];
