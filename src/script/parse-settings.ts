import { fromUtf8 } from '../bytes/index.ts';
import type { Field, Setting } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseField, refuseTwice, refuseUnknown } from './expression.ts';
import { parsePersonality } from './patterns.ts';
import type { Parsed } from './statement-kind.ts';

export const setting =
  (of: Setting) =>
  (cursor: Cursor): Parsed => {
    const fields: Field[] = [];
    const known = cursor.scope.settings[of];
    do {
      fields.push(parseField(cursor, `a setting of ${of}`, (m) => refuseUnknown(m, of, known), 'any'));
      cursor.take(',');
    } while (cursor.here.kind === 'word');
    refuseTwice(fields);
    return { act: { act: 'setting', of, fields } };
  };

export const seed = (cursor: Cursor): Parsed => {
  if (!['word', 'number', 'bytes'].includes(cursor.here.kind)) throw cursor.expected('a seed: a word, or "any text"');
  const { text, bytes } = cursor.next();
  return { act: { act: 'seed', seed: (bytes && fromUtf8(bytes)) ?? text } };
};

export const personality = (cursor: Cursor): Parsed => {
  const names: string[] = [];
  do {
    names.push(parsePersonality(cursor));
    cursor.take(',');
  } while (cursor.here.kind === 'word');
  return { act: { act: 'personality', names } };
};

export const switches = (cursor: Cursor): Parsed => {
  const changes: string[] = [];
  do {
    const sign = cursor.take('-') ? '-' : '';
    const { switches: known } = cursor.scope;
    if (cursor.here.kind !== 'word' || !known.includes(cursor.here.text)) {
      throw cursor.expected('a switch, such as D2, or -D2 to turn it off', known);
    }
    changes.push(sign + cursor.next().text);
    cursor.take(',');
  } while (cursor.here.kind === 'word' || cursor.is('-'));
  return { act: { act: 'switch', changes } };
};

export const raw = (cursor: Cursor): string => (cursor.here.kind === 'raw' ? cursor.next().text : '');
