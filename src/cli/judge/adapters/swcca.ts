import type { Adapter } from './adapter.ts';

export const swcca: Adapter = {
  title: 'swcca verify, the strict reference',
  install: 'it is here',
  command: [
    'swcca',
    'verify',
    '{token}',
    '--key',
    '{key.pem}',
    '--challenge',
    '@{challenge}',
    '--reference',
    '{reference}',
  ],
};
