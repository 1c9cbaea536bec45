import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { documentHash, portableHash } from './document-hash.ts';

it('hashes alike in Node and in browsers, whatever the text', () => {
  const texts = ['', 'plain', 'é ß 東京 🦉', '\ud800', 'a\udc00b', '\u2028"\\\u0000', 'long '.repeat(20_000)];
  for (const text of texts) expect(documentHash({ text })).toBe(portableHash(canonicalJson({ text })));
  // sha256('{"a":1}') by another program.
  expect(documentHash({ a: 1 })).toBe(`0x${'015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862'}`);
});
