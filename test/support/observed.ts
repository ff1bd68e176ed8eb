import { type Boot, type ObservedLibrary, observedLibrary } from '../../scripts/lib/observed/observed.mjs';
import * as abi from '../../src/abi/index.ts';
import * as bytes from '../../src/bytes/index.ts';
import * as cbor from '../../src/cbor/index.ts';
import * as cose from '../../src/cose/index.ts';
import { nodeCrypto } from '../../src/crypto/node.ts';
import * as hes from '../../src/hes/index.ts';
import * as machine from '../../src/machine/index.ts';
import { choose, type PersonalityId } from '../../src/personality/index.ts';
import * as rmm from '../../src/rmm/index.ts';
import { testMachine } from './machine.ts';

/** What `scripts/replay-observed.mjs` takes from the library, from its sources. */
export const replayLibrary = (): ObservedLibrary =>
  observedLibrary({ abi, bytes, cbor, cose, hes, machine, rmm }, nodeCrypto);

/** Machines with a personality, whose commands are held against their own text. */
export const bootAs =
  (id: PersonalityId, changes: readonly string[] = []): Boot =>
  (settings) => {
    const personality = choose(id, changes);
    if (personality === undefined) throw new Error(`${changes.join(' ')}: no such switch`);
    return testMachine({ personality, ...settings });
  };
