export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Canonical JSON after RFC 8785 for the subset that we use: object keys sorted by UTF-16 code unit, no white space,
 * integers only. Equal values give equal bytes, so hashes can be recomputed by anyone. Floats are refused: amounts and
 * scores travel as decimal strings.
 */
export function canonicalJson(value: Json): string {
  if (value === undefined || (typeof value === 'number' && !Number.isSafeInteger(value))) {
    throw new TypeError(`canonicalJson takes JSON values with safe integers only, got ${value}`);
  }
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return `${value}`;
  // One growing string: a receipt of a thousand rows is hashed with every answer.
  let out = '';
  if (Array.isArray(value)) {
    for (const item of value) out += `${out && ','}${canonicalJson(item)}`;
    return `[${out}]`;
  }
  for (const key of Object.keys(value).sort()) {
    out += `${out && ','}${quoted(key)}:${canonicalJson(value[key]!)}`;
  }
  return `{${out}}`;
}

/** Text without a character that JSON writes differently: printable ASCII but for the quotation mark and the backslash. */
const plain = /^[ !#-[\]-~]*$/;

/** As JSON.stringify writes it; nearly all text of a receipt is plain, and then this takes a third of the time. */
function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}
