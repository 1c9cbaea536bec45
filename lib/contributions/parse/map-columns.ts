import type { DatanetField } from '#db/schema/datanets.ts';
import type { InputRow } from '../types.ts';
import type { ParsedFile } from './types.ts';

/** Field name to column name; null where no column fits and a person must choose. */
export type ColumnMapping = Record<string, string | null>;

/** Names under which exports of other tools hold the same thing. */
const synonyms: readonly (readonly string[])[] = [
  ['prompt', 'question', 'input', 'instruction', 'query', 'user', 'ask', 'q'],
  ['completion', 'answer', 'output', 'response', 'reply', 'assistant', 'target', 'text', 'a'],
];

const plain = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** A first guess by name, label and synonym. Each column serves one field at most. */
export function guessMapping(fields: readonly DatanetField[], columns: readonly string[]): ColumnMapping {
  const free = new Set(columns);
  const mapping: ColumnMapping = {};
  for (const field of fields) {
    const names = [field.name, field.label, ...(synonyms.find((group) => group.includes(plain(field.name))) ?? [])];
    const column = names.map((name) => [...free].find((other) => plain(other) === plain(name))).find(Boolean) ?? null;
    if (column) free.delete(column);
    mapping[field.name] = column;
  }
  return mapping;
}

/** Rows with the Datanet's field names. A field without a column stays out, so its rows are judged as incomplete. */
export function applyMapping(file: Pick<ParsedFile, 'rows'>, mapping: ColumnMapping): InputRow[] {
  const pairs = Object.entries(mapping).flatMap(([f, c]) => (c === null ? [] : [[f, c] as const]));
  return file.rows.map(({ line, values }) => ({
    line,
    data: Object.fromEntries(pairs.flatMap(([field, column]) => (column in values ? [[field, values[column]!]] : []))),
  }));
}
