import { Bug, toHex, utf8 } from '../bytes/index.ts';
import { encode } from '../cbor/index.ts';
import { sigStructure } from '../cose/index.ts';
import { ed25519Sign } from '../crypto/ed25519.ts';
import {
  ALGORITHM_OF_CURVE,
  type Crypto,
  type HashName,
  type PrivateKey,
  type SignatureAlgorithm,
  seededEntropy,
} from '../crypto/index.ts';
import type { Dialect } from '../token/index.ts';
import { applyBytesEdit, applyTreeEdit } from './apply.ts';
import type { BaseToken } from './base.ts';
import { bindingPlace, boundBytes, draftOf, formed, textAt } from './draft.ts';
import { type Edit, editToJson, type TreeEdit } from './edit.ts';
import type { KeyName, KeyRing } from './keys.ts';
import type { Binding, Facts, Mutation, Operation, Situation, TreeEdits } from './mutation.ts';
import { pathOf } from './place.ts';
import { itemAt } from './tree.ts';
import { bytes, contentOf, encodeWire, type Part, type Wire } from './wire.ts';

/** When an edit was made: to the items that are signed, to those around the signatures, or to the bytes. */
export type Stage = 'form' | 'key' | 'signed' | 'binding' | 'signature' | 'unsigned' | 'bytes';

/** What was done to a token, as plain JSON. */
export type EditRecord = Readonly<Record<string, unknown>> & { readonly stage: Stage };

/** A signature that is still to be made. */
export interface SignatureRequest {
  readonly algorithm: SignatureAlgorithm;
  readonly key: PrivateKey;
  readonly message: Uint8Array;
}

/** A token whose signatures are still to be made, so that many can be signed together. */
export interface Prepared {
  readonly requests: readonly SignatureRequest[];
  /** @param signatures  one for each request, in order. */
  finish(signatures: readonly Uint8Array[]): Uint8Array;
  readonly edits: readonly EditRecord[];
  readonly given: Situation;
  readonly dialect: Dialect;
}

export interface MutateOptions {
  readonly crypto: Crypto;
  readonly base: BaseToken;
  readonly keys: KeyRing;
  /** Random bytes of the mutation come from here. */
  readonly seed: string;
  /** Another challenge than the base's, put into the token and expected of it. */
  readonly challenge?: Uint8Array | undefined;
}

/** What can be carried out: an entry of the catalogue, or a mutation that was drawn. */
export type Applicable = Pick<Mutation, 'id' | 'given'> & Operation;

/** A mutation that cannot be: the token it starts from has no such place. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

const PARTS: readonly Part[] = ['platform', 'realm'];

const REALM_CHALLENGE = 'realm/10';

const applyAll = (root: Wire, edits: readonly TreeEdit[], id: string): Wire =>
  edits.reduce((wire, edit) => {
    const changed = applyTreeEdit(wire, edit);
    if (changed === undefined) throw new NotApplicable(`${id}: ${edit.do} at ${edit.at} is impossible`);
    return changed;
  }, root);

const HASHES: readonly string[] = ['sha-256', 'sha-384', 'sha-512'] satisfies readonly HashName[];

/** The edit that binds the platform token to the Realm token as it stands. */
const bindingEdit = (crypto: Crypto, root: Wire, place: string, { hash }: Binding): TreeEdit | undefined => {
  const named = textAt(root, 'realm/44240') ?? '';
  const algorithm = hash ?? (HASHES.includes(named) ? (named as HashName) : 'sha-256');
  const content = boundBytes(root);
  return content && { do: 'set', at: place, value: bytes(crypto.hash(algorithm).digest(content)) };
};

const signedBytes = (root: Wire, part: Part, name: 'protected' | 'payload'): Uint8Array => {
  const path = pathOf(root, `${part}.${name}`);
  const wire = path && itemAt(root, path);
  return wire?.type === 'bytes' || wire?.type === 'embedded' ? contentOf(wire) : new Uint8Array();
};

/** What a signature of a part covers, as it stands. */
const toBeSigned = (
  root: Wire,
  part: Part,
  { aad, context, bare }: NonNullable<NonNullable<Operation['sign']>[Part]>,
) => {
  const [header, payload] = [signedBytes(root, part, 'protected'), signedBytes(root, part, 'payload')];
  if (bare === true) return payload;
  if (aad === undefined && context === undefined) return sigStructure(header, payload);
  return encode([context ?? 'Signature1', header, aad ?? new Uint8Array(), payload]);
};

/** The same list when nothing in it is another. */
const mapped = <T>(list: readonly T[], change: (each: T) => T): readonly T[] => {
  const changed = list.map(change);
  return changed.every((each, i) => each === list[i]) ? list : changed;
};

/** Puts a signature where it is due; a part that is not there any more needs none. What holds none stays the same item. */
const withSignature = (root: Wire, part: Part, signature: Uint8Array): Wire => {
  const walk = (wire: Wire): Wire => {
    switch (wire.type) {
      case 'signature':
        return wire.of === part ? bytes(signature) : wire;
      case 'tag':
      case 'embedded': {
        const content = walk(wire.content);
        return content === wire.content ? wire : { ...wire, content };
      }
      case 'array': {
        const items = mapped(wire.items, walk);
        return items === wire.items ? wire : { ...wire, items };
      }
      case 'map': {
        const entries = mapped(wire.entries, (entry) => {
          const [key, value] = [walk(entry.key), walk(entry.value)];
          return key === entry.key && value === entry.value ? entry : { key, value };
        });
        return entries === wire.entries ? wire : { ...wire, entries };
      }
      default:
        return wire;
    }
  };
  return walk(root);
};

const editsOf = (edits: TreeEdits | undefined, facts: Facts): readonly TreeEdit[] =>
  typeof edits === 'function' ? edits(facts) : (edits ?? []);

const recorded = (stage: Stage, edits: readonly Edit[]): EditRecord[] =>
  edits.map((edit) => ({ stage, ...editToJson(edit) }));

const formRecord = ({ form }: Operation): EditRecord[] =>
  form === undefined ? [] : [{ stage: 'form', do: 'form', ...form }];

const keyRecords = ({ rak, cpak }: Operation): EditRecord[] => [
  ...(cpak === undefined ? [] : [{ stage: 'key' as const, do: 'use-key', of: 'platform', key: cpak }]),
  ...(rak === undefined ? [] : [{ stage: 'key' as const, do: 'use-key', of: 'realm', key: rak }]),
];

const signRecords = ({ sign = {} }: Operation): EditRecord[] =>
  PARTS.flatMap((part) => {
    const { aad, ...signing } = sign[part] ?? {};
    if (sign[part] === undefined) return [];
    return [{ stage: 'signature' as const, do: 'sign', of: part, ...signing, ...(aad && { aad: toHex(aad) }) }];
  });

/**
 * Carries out a mutation up to the signatures.
 *
 * @throws {NotApplicable} when a place that an edit names is not in the token.
 */
export const prepareMutation = (
  { crypto, base, keys, seed, challenge }: MutateOptions,
  mutation: Applicable,
): Prepared => {
  const { id, form, before, bind, sign = {}, after, bytes: bytesEdits = [] } = mutation;
  const dialect = form === undefined ? base.dialect : formed(base.dialect, form);
  const rakName = mutation.rak ?? 'rak';
  const names: Readonly<Record<Part, KeyName>> = { platform: mutation.cpak ?? 'cpak', realm: rakName };
  const algorithmOf = (part: Part): SignatureAlgorithm =>
    sign[part]?.algorithm ?? ALGORITHM_OF_CURVE[keys.public(names[part]).curve];
  const algorithms = { platform: algorithmOf('platform'), realm: algorithmOf('realm') };

  const draft = draftOf(crypto, base, dialect, keys.public(rakName), algorithms, keys.public(names.platform));
  const fresh: readonly TreeEdit[] =
    challenge === undefined ? [] : [{ do: 'set', at: REALM_CHALLENGE, value: bytes(challenge) }];
  const start = applyAll(draft, fresh, id);
  const binding = bindingPlace(dialect);
  const entropy = seededEntropy(crypto, utf8(`swcca/mutate/${seed}/${id}`));
  const facts: Facts = {
    crypto,
    dialect,
    challenge: challenge ?? base.challenge,
    key: (name) => keys.public(name),
    ed25519: keys.ed25519,
    rak: keys.public(rakName),
    binding,
    at: (place) => {
      const path = pathOf(start, place);
      return path && itemAt(start, path);
    },
    bytes: (length) => entropy.bytes(length),
  };

  const edits = editsOf(before, facts);
  const edited = applyAll(start, edits, id);
  const rebind = bind ?? mutation.rak !== undefined;
  const bound = rebind === false ? undefined : bindingEdit(crypto, edited, binding, rebind === true ? {} : rebind);
  const ready = bound === undefined ? edited : applyAll(edited, [bound], id);

  const own = (part: Part): SignatureRequest | undefined => {
    const signing = sign[part] ?? {};
    if (signing.key === 'ed25519') return undefined;
    const secret = keys.secret(signing.key ?? names[part]);
    return { algorithm: algorithms[part], key: secret, message: toBeSigned(ready, part, signing) };
  };
  const requests = { platform: own('platform'), realm: own('realm') };
  const late = editsOf(after, facts);
  return {
    requests: PARTS.flatMap((part) => requests[part] ?? []),
    finish(signatures) {
      const rest = [...signatures];
      const signed = PARTS.reduce((root, part) => {
        const signature =
          requests[part] === undefined
            ? ed25519Sign(keys.ed25519, toBeSigned(ready, part, sign[part] ?? {}))
            : rest.shift();
        if (signature === undefined) throw new Bug(`${id}: no signature for the ${part} token`);
        return withSignature(root, part, signature);
      }, ready);
      return bytesEdits.reduce(
        (token, edit) => {
          const changed = applyBytesEdit(token, edit);
          if (changed === undefined) throw new NotApplicable(`${id}: ${edit.do} is impossible`);
          return changed;
        },
        encodeWire(applyAll(signed, late, id)),
      );
    },
    edits: [
      ...formRecord(mutation),
      ...keyRecords(mutation),
      ...recorded('signed', [...fresh, ...edits]),
      ...recorded('binding', bound === undefined ? [] : [bound]),
      ...signRecords(mutation),
      ...recorded('unsigned', late),
      ...recorded('bytes', bytesEdits),
    ],
    given: { challenge: facts.challenge, key: 'cpak', reference: 'base', ...mutation.given?.(facts) },
    dialect,
  };
};

/** A token that was changed, signed by the port. */
export interface Mutated extends Omit<Prepared, 'requests' | 'finish'> {
  readonly token: Uint8Array;
}

/** Carries out a mutation. @throws {NotApplicable} */
export const mutate = (options: MutateOptions, mutation: Applicable): Mutated => {
  const { requests, finish, ...rest } = prepareMutation(options, mutation);
  const signatures = requests.map(({ algorithm, key, message }) => options.crypto.sign(algorithm, key, message));
  return { ...rest, token: finish(signatures) };
};
