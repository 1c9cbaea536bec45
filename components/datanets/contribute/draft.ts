import type { ColumnMapping } from '#lib/contributions/parse/map-columns.ts';
import type { RowData } from '#lib/contributions/types.ts';

export type DraftMode = 'form' | 'paste' | 'file';

/** What somebody has typed, pasted or dropped and not sent yet. Plain data: it lies in localStorage. */
export type Draft = {
  /** Idempotency key of the contribution that it will become. */
  key: string;
  mode: DraftMode;
  /** Rows added by the form. */
  formRows: RowData[];
  /** The row being typed. */
  formRow: RowData;
  paste: string;
  file: { name: string; text: string } | null;
  /** A person's choice of columns; null while the guess stands. */
  mapping: ColumnMapping | null;
  /** Lines whose personal data is to be replaced by a placeholder. */
  redactedLines: number[];
};

export const emptyDraft = (key: string): Draft => ({
  key,
  mode: 'form',
  formRows: [],
  formRow: {},
  paste: '',
  file: null,
  mapping: null,
  redactedLines: [],
});

/** Where the rows of a draft come from, in the words that curators see. */
export function sourceName(draft: Draft): string {
  if (draft.mode === 'file') return draft.file?.name ?? 'file';
  return draft.mode === 'paste' ? 'pasted' : 'form';
}

/** A stored draft, or null when it is damaged or of an older form. */
export function parseDraft(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<Draft>;
    const whole = typeof value.key === 'string' && Array.isArray(value.formRows) && typeof value.paste === 'string';
    return whole ? { ...emptyDraft(value.key!), ...value } : null;
  } catch {
    return null;
  }
}
