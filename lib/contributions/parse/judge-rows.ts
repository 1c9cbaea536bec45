import type { DatanetField } from '#db/schema/datanets.ts';
import { maxRowBytes } from '../limits.ts';
import type { InputRow, KnownExample, RowData, RowVerdict } from '../types.ts';
import { contentHashOf } from './canonical-text.ts';
import { findPii } from './find-pii.ts';

/**
 * The verdict on each row, in order: invalid (with the fix), held for personal data, duplicate of an earlier row of the
 * same file, duplicate of a stored row, or new. Pure, and the same in the browser's preview and on the server.
 *
 * @param known stored rows of the Datanet by content hash; at least those of the given rows.
 */
export function judgeRows(
  fields: readonly DatanetField[],
  rows: readonly InputRow[],
  known: ReadonlyMap<string, KnownExample>,
): RowVerdict[] {
  const firstLines = new Map<string, number>();
  return rows.map(({ line, data }) => {
    const fix = findFault(fields, data);
    if (fix) return { kind: 'invalid', line, fix };
    const findings = findPii(pickFields(fields, data));
    if (findings.length > 0) return { kind: 'held', line, findings };
    const contentHash = contentHashOf(pickFields(fields, data));
    const firstLine = firstLines.get(contentHash);
    if (firstLine !== undefined) return { kind: 'duplicate-in-file', line, contentHash, firstLine };
    firstLines.set(contentHash, line);
    const example = known.get(contentHash);
    return example ? { kind: 'duplicate', line, contentHash, ...example } : { kind: 'new', line, contentHash };
  });
}

/** The row as it is stored: exactly the Datanet's fields, outer white space removed, newlines as `\n`. */
export function pickFields(fields: readonly DatanetField[], data: RowData): RowData {
  return Object.fromEntries(fields.map(({ name }) => [name, (data[name] ?? '').replace(/\r\n?/g, '\n').trim()]));
}

/** What is wrong with a row and what to do, as a sentence; null when nothing is. */
function findFault(fields: readonly DatanetField[], data: RowData): string | null {
  for (const { name, maxChars } of fields) {
    const text = data[name]?.trim() ?? '';
    if (text === '') return `“${name}” is empty. Write it, or leave the row out.`;
    // PostgreSQL stores neither NUL nor half of a surrogate pair; other control characters are never meant.
    if (!text.isWellFormed()) return `“${name}” contains a broken character. Save the file as UTF-8 and send it again.`;
    const lost = [...text].indexOf('\uFFFD');
    if (lost >= 0) {
      return `“${name}” has at position ${lost + 1} a character that is not UTF-8 (shown as \uFFFD). Save the file as UTF-8 and choose it again.`;
    }
    const control = /(?![\t\n\r])\p{Cc}/u.exec(text);
    if (control) {
      const code = control[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      return `“${name}” contains the control character U+${code} at position ${control.index + 1}. Remove it.`;
    }
    const length = [...text].length;
    if (length > maxChars) {
      return `“${name}” has ${length} characters and this Datanet allows ${maxChars}. Shorten it by ${length - maxChars}.`;
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(pickFields(fields, data))).length;
  if (bytes > maxRowBytes)
    return `The row is ${bytes} bytes and a row holds at most ${maxRowBytes}. Shorten or split it.`;
  return null;
}
