import { scoreRows, sketchNewRows } from '#lib/contributions/parse/checks/score-rows.ts';
import { fileAsText } from '#lib/contributions/parse/file-as-text.ts';
import { findNames } from '#lib/contributions/parse/find-names.ts';
import { findPii, redactPii } from '#lib/contributions/parse/find-pii.ts';
import { judgeRows } from '#lib/contributions/parse/judge-rows.ts';
import { applyMapping, type ColumnMapping, guessMapping } from '#lib/contributions/parse/map-columns.ts';
import { parseFile, parsePaste } from '#lib/contributions/parse/parse-file.ts';
import type { ParsedFile } from '#lib/contributions/parse/types.ts';
import type { InputRow, KnownExample, RowData, RowVerdict } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import type { Draft } from './draft.ts';

/** A row of the draft with its verdict; `data` is null for a line that could not be read. */
export type CheckedRow = { line: number; data: RowData | null; verdict: RowVerdict };

export type CheckedDraft = {
  file: ParsedFile;
  mapping: ColumnMapping;
  rows: CheckedRow[];
};

/**
 * Reads a draft and judges its rows as far as the browser can. Null when there is nothing to read. Everything runs in the
 * browser; this module is loaded when somebody gives it rows.
 *
 * @throws {BaseError} what is wrong with the file as a whole, as a sentence.
 */
export function checkDraft(
  draft: Draft,
  fields: readonly DatanetField[],
  known: ReadonlyMap<string, KnownExample>,
  /** BCP-47; undetermined where nobody says. */
  language = 'und',
): CheckedDraft | null {
  const file = readDraft(draft, fields);
  if (!file) return null;
  const mapping = { ...guessMapping(fields, file.columns), ...draft.mapping };
  const redacted = new Set(draft.redactedLines);
  const rows = applyMapping(file, mapping).map((row) => (redacted.has(row.line) ? redact(row) : row));
  const judged = judgeRows(fields, rows, known);
  const verdicts = scoreRows({ id: '', fields, language }, rows, judged, sketchNewRows({ fields }, rows, judged));
  const lacking = whatLacks(file, fields, mapping);
  const checked = rows.map((row, i): CheckedRow => {
    const verdict = verdicts[i]!;
    return { ...row, verdict: lacking && verdict.kind === 'invalid' ? { ...verdict, fix: lacking } : verdict };
  });
  const faults = file.faults.map(
    ({ line, fix }): CheckedRow => ({ line, data: null, verdict: { kind: 'invalid', line, fix } }),
  );
  return { file, mapping, rows: [...checked, ...faults].sort((a, b) => a.line - b.line) };
}

/** Of a file with other columns than the Datanet has fields, what to do; null when each field has its column. */
function whatLacks({ columns }: ParsedFile, fields: readonly DatanetField[], mapping: ColumnMapping): string | null {
  const field = fields.find(({ name }) => mapping[name] === null);
  if (!field) return null;
  const names = columns.map((name) => `“${name}”`).join(', ');
  return `No column of the file holds “${field.label}”: it has ${names || 'none'}. Choose the column above, or rename it to “${field.name}”.`;
}

function readDraft(draft: Draft, fields: readonly DatanetField[]): ParsedFile | null {
  if (draft.mode === 'paste') return draft.paste.trim() === '' ? null : parsePaste(draft.paste);
  if (draft.mode === 'file') {
    return draft.file && parseFile(draft.file.name, new TextEncoder().encode(draft.file.text));
  }
  if (draft.formRows.length === 0) return null;
  const rows = draft.formRows.map((values, i) => ({ line: i + 1, values }));
  return { format: 'text', columns: fields.map(({ name }) => name), rows, faults: [] };
}

function redact(row: InputRow): InputRow {
  return { ...row, data: redactPii(row.data, [...findPii(row.data), ...findNames(row.data)]) };
}

/** Reads a dropped file as text, or throws what is wrong with it. */
export async function readDroppedFile(name: string, bytes: Uint8Array): Promise<{ name: string; text: string }> {
  const converted = await fileAsText(name, bytes);
  const file = converted ?? { name, text: '' };
  parseFile(file.name, converted ? new TextEncoder().encode(file.text) : bytes); // refuses what has no rows
  return converted ?? { name, text: new TextDecoder().decode(bytes) };
}
