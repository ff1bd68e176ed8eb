import type { Node } from '../node.ts';
import type { Remark } from './difference.ts';
import type { Spot } from './spot.ts';

const member = ({ children }: Node, name: string): Node | undefined => children.find((child) => child.name === name);

/** What two COSE_Sign1 say by what they sign and their signatures, for which no key is needed. */
export const signatureRemark = (
  { place }: Spot,
  a: Node,
  b: Node,
  isSame: (a: Node, b: Node) => boolean,
): Remark | undefined => {
  const same = (name: string): boolean | undefined => {
    const [left, right] = [member(a, name), member(b, name)];
    return left && right && isSame(left, right);
  };
  const [header, payload, signature] = [same('protected header'), same('payload'), same('signature')];
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  const signsSame = header && payload;
  if (signsSame === signature) return undefined;
  return {
    place: place.replace(/(\.\w+)?$/, '.signature'),
    says: signsSame
      ? 'the same is signed, and the signature is another'
      : 'what is signed differs, and the signature is the same',
  };
};
