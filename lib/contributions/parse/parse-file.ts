import { maxFileBytes, maxRows } from '../limits.ts';
import { EmptyFileError, FileTooLargeError, TooManyRowsError, WrongFileTypeError } from './errors.ts';
import { parseCsv } from './parse-csv.ts';
import { parseJsonl } from './parse-jsonl.ts';
import { parseText } from './parse-text.ts';
import type { ParsedFile } from './types.ts';

/**
 * Reads a dropped text file into rows (Parquet, Word and PDF: `fileAsText` first). Runs in the browser. Rows that cannot be read become `faults` with their line; only what
 * spoils the whole file throws.
 *
 * @throws {WrongFileTypeError} not CSV, JSON Lines or text, or a header that is not UTF-8.
 * @throws {EmptyFileError | FileTooLargeError | TooManyRowsError}
 */
export function parseFile(fileName: string, bytes: Uint8Array): ParsedFile {
  if (bytes.length > maxFileBytes) throw new FileTooLargeError(fileName, bytes.length);
  const what = foreignKind(bytes);
  if (what) throw new WrongFileTypeError(fileName, what);
  return parseNamedText(fileName, decode(fileName, bytes));
}

/** Reads pasted text; its format is found by looking at it. Throws like `parseFile`. */
export function parsePaste(text: string): ParsedFile {
  return parseNamedText('The pasted text', text);
}

function parseNamedText(fileName: string, text: string): ParsedFile {
  if (text.trim() === '') throw new EmptyFileError(fileName, false);
  const parsed = parseByFormat(fileName, text);
  const count = parsed.rows.length + parsed.faults.length;
  if (count === 0) throw new EmptyFileError(fileName, parsed.format === 'csv');
  if (count > maxRows) {
    const lines = [...parsed.rows, ...parsed.faults].map(({ line }) => line).sort((a, b) => a - b);
    throw new TooManyRowsError(fileName, count, lines[maxRows]!);
  }
  return parsed;
}

function parseByFormat(fileName: string, text: string): ParsedFile {
  const extension = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  if (extension === 'csv' || extension === 'tsv') return parseCsv(text);
  if (extension === 'jsonl' || extension === 'ndjson') return parseJsonl(text);
  if (extension === 'json' || /^\s*\[/.test(text)) {
    if (!/^\s*\{/.test(text))
      throw new WrongFileTypeError(fileName, 'is one JSON array; we read one object a line (JSON Lines)');
    return parseJsonl(text);
  }
  if (extension !== undefined && extension !== 'txt' && extension !== 'md') {
    throw new WrongFileTypeError(fileName, `ends in .${extension}, which we do not read`);
  }
  if (/^\s*\{/.test(text)) return parseJsonl(text);
  return parseText(text);
}

/** Says what the first bytes are when they are not text. */
function foreignKind(bytes: Uint8Array): string | null {
  const head = String.fromCharCode(...bytes.subarray(0, 8));
  if (head.startsWith('PK\x03\x04')) return 'is a ZIP archive or an Office document other than .docx';
  if (head.startsWith('\x89PNG') || head.startsWith('\xff\xd8\xff') || head.startsWith('GIF8')) return 'is a picture';
  if (head.startsWith('\x1f\x8b')) return 'is compressed (gzip)';
  if (head.startsWith('\xd0\xcf\x11\xe0')) return 'is an old Office document (.xls, .doc)';
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff')) return 'is saved as UTF-16';
  if (bytes.subarray(0, 4096).includes(0)) return 'is not text';
  return null;
}

/** Text with U+FFFD for each byte that does not fit: its row is refused where it is judged, the others go on. Not so for a header. */
function decode(fileName: string, bytes: Uint8Array): string {
  const text = new TextDecoder('utf-8').decode(bytes); // drops a byte order mark
  const header = /\.[ct]sv$/i.test(fileName) ? text.split(/[\r\n]/, 1)[0]! : '';
  const at = header.indexOf('\uFFFD');
  if (at < 0) return text;
  throw new WrongFileTypeError(
    fileName,
    `is not UTF-8 (line 1, column ${at + 1} has a byte that does not fit, among the names of the columns)`,
  );
}
