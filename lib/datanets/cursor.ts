import { InvalidCursorError } from './errors.ts';

/** Opaque place in a keyset-paged list: the sort values of its last item. */
export function encodeCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Throws InvalidCursorError unless `cursor` holds exactly `size` texts. */
export function decodeCursor(cursor: string, size: number): string[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.length === size && parts.every((part) => typeof part === 'string')) return parts;
  } catch {
    // not base64url of JSON: the same answer as for a wrong shape
  }
  throw new InvalidCursorError();
}
