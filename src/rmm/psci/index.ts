export { affinityInfo } from './affinity-info.ts';
export { cpuOff } from './cpu-off.ts';
export { cpuOn } from './cpu-on.ts';
export { cpuSuspend } from './cpu-suspend.ts';
export { features } from './features.ts';
export { systemOff, systemReset } from './system-off.ts';
export { version } from './version.ts';
