import Papa from 'papaparse';
import type { ParsedFile, ParsedRow, RowFault } from './types.ts';

/**
 * CSV after RFC 4180 with a header, quoted newlines and a detected delimiter (comma, semicolon, tab, pipe). A row with
 * more or fewer cells than the header is a fault with its line, never guessed into place.
 */
export function parseCsv(text: string): ParsedFile {
  let header: string[] | undefined;
  const headerFaults: RowFault[] = [];
  const rows: ParsedRow[] = [];
  const faults: RowFault[] = [];
  let cursor = 0;
  let line = 1;
  Papa.parse<string[]>(text, {
    delimiter: detectDelimiter(text),
    step: ({ data: cells, errors, meta }) => {
      const startLine = line;
      line += countNewlines(text, cursor, meta.cursor);
      cursor = meta.cursor;
      const quoteError = errors.find((error) => error.type === 'Quotes');
      if (quoteError) faults.push({ line: startLine, fix: quoteFault(quoteError.code) });
      else if (cells.length === 1 && cells[0]!.trim() === '') return;
      else if (!header) {
        header = nameColumns(cells);
        headerFaults.push(...repeatedNames(cells, header, startLine));
      } else if (cells.length !== header.length) faults.push({ line: startLine, fix: raggedFault(header, cells) });
      else rows.push({ line: startLine, values: Object.fromEntries(header.map((name, i) => [name, cells[i]!])) });
    },
  });
  // Of a file without rows it is said that it has none.
  const isEmpty = rows.length + faults.length === 0;
  return { format: 'csv', columns: header ?? [], rows, faults: isEmpty ? [] : [...headerFaults, ...faults] };
}

/** The delimiter that occurs most often, outside quotes, in the header: the one line that must hold it. */
function detectDelimiter(text: string): string {
  const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.trimStart())![0].replace(/"(?:[^"]|"")*"/g, '');
  const count = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) count++;
  }
  return count;
}

/** Header cells as column names: empty ones by position, repeated ones numbered, so that none hides another. */
function nameColumns(cells: string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, index) => {
    const name = cell.trim() || `column ${index + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** Which of two columns of one name is meant, only a person knows. */
function repeatedNames(cells: readonly string[], header: readonly string[], line: number): RowFault[] {
  return header.flatMap((name, i) => {
    const own = cells[i]!.trim();
    if (own === '' || name === own) return [];
    const fix = `Column ${i + 1} has the same name as column ${header.indexOf(own) + 1}, “${own}”, and is read as “${name}”. Choose above which of them holds what, or rename one.`;
    return [{ line, fix }];
  });
}

function raggedFault(header: string[], cells: string[]): string {
  const count = `The row has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} and the header ${header.length}`;
  return cells.length > header.length
    ? `${count}: what stands in column ${header.length + 1} and after has no name. Put text that contains the delimiter in "double quotes".`
    : `${count}. Add the missing ${header.length - cells.length === 1 ? 'cell' : 'cells'} (${header.slice(cells.length).join(', ')}).`;
}

function quoteFault(code: string): string {
  return code === 'MissingQuotes'
    ? 'A quote that opens in this row is never closed, so the rest of the file cannot be read. Close it.'
    : 'A quote stands inside a quoted cell. Write it twice: "".';
}
