import { ViewerQueryInvalidError } from './errors.ts';

/** `at`: place in the text, from 0. */
export type Token = { kind: 'column' | 'string' | 'number' | 'word' | 'mark'; text: string; at: number };

const patterns: readonly [Token['kind'], RegExp][] = [
  ['column', /"((?:[^"]|"")+)"/y],
  ['string', /'((?:[^']|'')*)'/y],
  ['number', /(-?\d+(?:\.\d+)?)/y],
  ['word', /([A-Za-z_]\w*)/y],
  ['mark', /(<>|!=|<=|>=|[=<>(),])/y],
];

/** Splits a `where` or `orderby` into tokens; quotes are doubled inside quotes. @throws {ViewerQueryInvalidError} */
export function tokenize(text: string, field: 'where' | 'orderby'): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const token = matchAt(text, at);
    if (!token)
      throw new ViewerQueryInvalidError(field, `Place ${at + 1} (${text.slice(at, at + 10)}) cannot be read.`);
    tokens.push({ kind: token.kind, text: token.text, at });
    at = token.end;
  }
  return tokens;
}

function matchAt(text: string, at: number): { kind: Token['kind']; text: string; end: number } | null {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (!found) continue;
    const inner = kind === 'column' ? found[1]!.replaceAll('""', '"') : found[1]!.replaceAll("''", "'");
    return { kind, text: kind === 'column' || kind === 'string' ? inner : found[1]!, end: pattern.lastIndex };
  }
  return null;
}
