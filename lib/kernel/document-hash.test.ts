import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';
import { documentHash, portableHash } from './document-hash.ts';

it('hashes alike in Node and in browsers, whatever the text', () => {
  const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('\ud800', 'a\udc00b', '\u2028"\\'));
  fc.assert(
    fc.property(fc.dictionary(texts, fc.oneof(texts, fc.array(texts))), (body) => {
      expect(documentHash(body)).toBe(portableHash(canonicalJson(body as Json)));
    }),
  );
  // sha256('{"a":1}') by another program.
  expect(documentHash({ a: 1 })).toBe(`0x${'015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862'}`);
});
