import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';

it('sorts keys by UTF-16 code unit at every depth, and keeps the order of lists', () => {
  const value: Json = { b: [{ z: 1, a: null }, [], {}], '10': true, '9': false, é: 'x', a: -3 };
  expect(canonicalJson(value)).toBe('{"10":true,"9":false,"a":-3,"b":[{"a":null,"z":1},[],{}],"é":"x"}');
});

it('escapes as JSON does', () => {
  expect(canonicalJson({ 'a"b': 'line\n\u2028\u0007' })).toBe('{"a\\"b":"line\\n\u2028\\u0007"}');
});

it('writes any text as JSON does', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => canonicalJson(text) === JSON.stringify(text)));
  for (let code = 0; code < 256; code++) {
    const text = String.fromCharCode(code);
    expect(canonicalJson(text)).toBe(JSON.stringify(text));
  }
});

it('refuses what has no one form', () => {
  for (const number of [0.5, Number.NaN, 2 ** 53]) expect(() => canonicalJson([number])).toThrow(TypeError);
  expect(() => canonicalJson({ left: undefined } as never)).toThrow(TypeError);
});
