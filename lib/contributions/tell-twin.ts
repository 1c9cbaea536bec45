import { isUndecided } from './find-row-reader.ts';
import type { ExampleStatus, KnownExample } from './types.ts';

/**
 * What whoever sends a row is told of the stored row that it equals: which one, where that one is published or theirs; else that there
 * is one. A gold row is told of in the same words, or sending a validator's places would show which of them are gold.
 */
export function tellTwin(
  twin: { exampleId: string; status: ExampleStatus; contributor: string },
  sender: string | null,
): KnownExample {
  const { exampleId, status, contributor } = twin;
  return contributor === sender || !isUndecided(status) ? { exampleId, status } : { exampleId: null, status: null };
}
