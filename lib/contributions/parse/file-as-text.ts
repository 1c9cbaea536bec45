import { maxFileBytes, maxRows } from '../limits.ts';
import { FileTooLargeError, TooManyRowsError, WrongFileTypeError } from './errors.ts';

/** A file as text that `parseFile` reads: its name then ends in what that text is. */
export type TextFile = { name: string; text: string };

/**
 * Turns a dropped file into text, in the browser: Parquet into JSON Lines, Word documents and PDFs into plain text; the readers are loaded
 * when such a file comes. What is text already is decoded by `parseFile`.
 *
 * @returns null for what is none of these
 * @throws {FileTooLargeError | TooManyRowsError | WrongFileTypeError} the last with what is broken
 */
export async function fileAsText(name: string, bytes: Uint8Array): Promise<TextFile | null> {
  if (bytes.length > maxFileBytes) throw new FileTooLargeError(name, bytes.length);
  const head = String.fromCharCode(...bytes.subarray(0, 4));
  if (head === 'PAR1') return { name: `${name}.jsonl`, text: await readParquet(name, bytes) };
  if (head === '%PDF') return { name: `${name}.txt`, text: await readPdf(name, bytes) };
  if (head === 'PK\x03\x04' && /\.docx$/i.test(name)) return { name: `${name}.txt`, text: await readDocx(name, bytes) };
  return null;
}

async function readParquet(name: string, bytes: Uint8Array): Promise<string> {
  const [{ parquetMetadata, parquetReadObjects }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const file = bytes.slice().buffer;
  try {
    const rows = Number(parquetMetadata(file).num_rows);
    if (rows > maxRows) throw new TooManyRowsError(name, rows, maxRows + 1);
    const objects = await parquetReadObjects({ file, compressors });
    return objects.map((row) => `${JSON.stringify(mapValues(row))}\n`).join('');
  } catch (error) {
    if (error instanceof TooManyRowsError) throw error;
    throw new WrongFileTypeError(
      name,
      `is a Parquet file that cannot be read, perhaps cut off (${(error as Error).message})`,
    );
  }
}

/** Cells as the texts that rows hold; lists and structures as JSON. */
function mapValues(row: Record<string, unknown>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      if (value === null || value === undefined) return [key, null];
      if (value instanceof Date) return [key, value.toISOString()];
      return [key, typeof value === 'object' ? JSON.stringify(value, bigintAsText) : String(value)];
    }),
  );
}

const bigintAsText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

async function readPdf(name: string, bytes: Uint8Array): Promise<string> {
  const { extractText } = await import('unpdf');
  const broken = (why: string) => new WrongFileTypeError(name, `is a PDF that ${why}`);
  const pages = await extractText(bytes.slice()).catch((error: Error) => {
    throw broken(`cannot be read (${error.message})`);
  });
  const text = pages.text.join('\n\n').trim();
  if (text === '') throw broken('has no text, only pictures of it; let it be recognised first, or type the rows');
  return text;
}

async function readDocx(name: string, bytes: Uint8Array): Promise<string> {
  const { default: mammoth } = await import('mammoth');
  const input = typeof Buffer === 'undefined' ? { arrayBuffer: bytes.slice().buffer } : { buffer: Buffer.from(bytes) };
  const { value } = await mammoth.extractRawText(input).catch((error: Error) => {
    throw new WrongFileTypeError(name, `is a Word document that cannot be read (${error.message})`);
  });
  return value.replace(/\n{3,}/g, '\n\n').trim();
}
