import { fromHex, fromUtf8 } from '../bytes/index.ts';
import { fromBase64, fromBase64Url } from '../crypto/index.ts';

/** Texts beyond this are taken for binary: no token is that large. */
const MAX_TEXT = 4 << 20;

/**
 * The token in a file that may hold it as text: hexadecimal or base64, with white space anywhere.
 *
 * A token starts with a byte that no text starts with, so nothing is guessed: what is not such a text is the token.
 */
export const tokenFileBytes = (
  file: Uint8Array,
): { readonly bytes: Uint8Array; readonly form: 'binary' | 'hex' | 'base64' } => {
  const binary = { bytes: file, form: 'binary' } as const;
  const first = file[0] ?? 0x80;
  if (first >= 0x80 || file.length > MAX_TEXT) return binary;
  const text = fromUtf8(file)?.replace(/\s+/g, '');
  if (text === undefined || text === '') return binary;
  const hex = fromHex(text);
  if (hex !== undefined) return { bytes: hex, form: 'hex' };
  const base64 = fromBase64(text) ?? fromBase64Url(text);
  return base64 === undefined ? binary : { bytes: base64, form: 'base64' };
};
