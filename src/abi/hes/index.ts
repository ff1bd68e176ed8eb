/** HES as its clients see it: PSA codes and identifiers, services, ports (hes 2, 3.1). */
export * from './lfa.ts';
export * from './port.ts';
export * from './psa.ts';
export * from './services.ts';
