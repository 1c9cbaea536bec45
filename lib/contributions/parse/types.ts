/** A row as the file gives it, before columns are mapped to the Datanet's fields. `line` counts from 1. */
export type ParsedRow = { line: number; values: Record<string, string> };

/** A row that could not be read; the others go on. */
export type RowFault = { line: number; fix: string };

export type FileFormat = 'csv' | 'jsonl' | 'text';

export type ParsedFile = { format: FileFormat; columns: string[]; rows: ParsedRow[]; faults: RowFault[] };
