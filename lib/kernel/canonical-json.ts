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
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  // One growing string: a receipt of a thousand rows is hashed with every answer.
  let out = '';
  if (Array.isArray(value)) {
    for (const item of value) out += `${out && ','}${canonicalJson(item)}`;
    return `[${out}]`;
  }
  for (const key of Object.keys(value).sort()) {
    out += `${out && ','}${JSON.stringify(key)}:${canonicalJson(value[key]!)}`;
  }
  return `{${out}}`;
}
