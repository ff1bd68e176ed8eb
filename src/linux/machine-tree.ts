import type { IpaRange } from '../host/index.ts';
import { flattenTree, type TreeNode } from './device-tree.ts';
import { DEVICES } from './memory-map.ts';

/** What the kernel of a Realm is told of its machine. */
export interface MachineDescription {
  readonly memory: IpaRange;
  readonly cpus: number;
  readonly cmdline: string;
  readonly initrd: IpaRange | undefined;
}

const INTERRUPT_CONTROLLER = 1;
const CLOCK = 2;
/** Kinds and triggers of interrupts, and lines, as QEMU's `virt` wires them. */
const SPI = 0;
const PPI = 1;
const LEVEL_HIGH = 4;
const UART_LINE = 1;
/** Secure, non-secure, virtual, hypervisor. */
const TIMER_LINES = [13, 14, 11, 10];
const UART_CLOCK_HZ = 24_000_000;

/** The devicetree of QEMU's `virt`, as far as a Realm has devices of it. */
export const machineTree = ({ memory, cpus, cmdline, initrd }: MachineDescription): Uint8Array => {
  const { gicDistributor, gicRedistributors, uart } = DEVICES;
  const hex = (address: bigint): string => address.toString(16);
  const cpu = (n: number): readonly [string, TreeNode] => [
    `cpu@${n.toString(16)}`,
    { properties: { device_type: ['cpu'], compatible: ['arm,armv8'], reg: [n], 'enable-method': ['psci'] } },
  ];
  const uartPath = `/pl011@${hex(uart.base)}`;
  return flattenTree({
    properties: {
      compatible: ['linux,dummy-virt'],
      model: ['linux,dummy-virt-realm'],
      '#address-cells': [2],
      '#size-cells': [2],
      'interrupt-parent': [INTERRUPT_CONTROLLER],
    },
    nodes: {
      chosen: {
        properties: {
          bootargs: [cmdline],
          'stdout-path': [uartPath],
          ...(initrd === undefined
            ? {}
            : { 'linux,initrd-start': [initrd.base], 'linux,initrd-end': [initrd.base + initrd.size] }),
        },
      },
      [`memory@${hex(memory.base)}`]: { properties: { device_type: ['memory'], reg: [memory.base, memory.size] } },
      cpus: {
        properties: { '#address-cells': [1], '#size-cells': [0] },
        nodes: Object.fromEntries(Array.from({ length: cpus }, (_, n) => cpu(n))),
      },
      psci: { properties: { compatible: ['arm,psci-1.0', 'arm,psci-0.2'], method: ['smc'] } },
      timer: {
        properties: {
          compatible: ['arm,armv8-timer'],
          interrupts: TIMER_LINES.flatMap((line) => [PPI, line, LEVEL_HIGH]),
          'always-on': [],
        },
      },
      [`intc@${hex(gicDistributor.base)}`]: {
        properties: {
          compatible: ['arm,gic-v3'],
          '#interrupt-cells': [3],
          'interrupt-controller': [],
          '#redistributor-regions': [1],
          reg: [gicDistributor.base, gicDistributor.size, gicRedistributors.base, gicRedistributors.size],
          phandle: [INTERRUPT_CONTROLLER],
        },
      },
      'apb-pclk': {
        properties: {
          compatible: ['fixed-clock'],
          '#clock-cells': [0],
          'clock-frequency': [UART_CLOCK_HZ],
          'clock-output-names': ['clk24mhz'],
          phandle: [CLOCK],
        },
      },
      [uartPath.slice(1)]: {
        properties: {
          compatible: ['arm,pl011', 'arm,primecell'],
          reg: [uart.base, uart.size],
          interrupts: [SPI, UART_LINE, LEVEL_HIGH],
          clocks: [CLOCK, CLOCK],
          'clock-names': ['uartclk', 'apb_pclk'],
        },
      },
    },
  });
};
