import type { ImprovementRole } from '#db/schema/lineage.ts';
import { canonicalText } from './parse/canonical-text.ts';
import type { ExampleStatus, RowData } from './types.ts';

/** Stored state of a row that a curator wants to decide about; `parent` is the row that it improves. */
export type Reviewable = {
  contributor: string;
  status: ExampleStatus;
  reviewedBy: string | null;
  role: ImprovementRole | null;
  parent: { id: string; contributor: string; status: ExampleStatus } | null;
};

/**
 * Why `account` cannot decide about a row, as a sentence; null when it can. Nobody decides about their own rows, the owner
 * included: who profits from a row must not be the one who lets it in, and whose row is improved must not be the one who
 * keeps the improver out. An owner alone appoints a curator first.
 */
export function whyNotReviewable(row: Reviewable, account: string): string | null {
  if (row.contributor === account) return 'This row is your own; another curator decides about it.';
  if (row.parent?.contributor === account) return 'This changes a row of your own; another curator decides about it.';
  switch (row.status) {
    case 'pending':
      return null;
    case 'withdrawn':
      return 'Its contributor has withdrawn this row.';
    default:
      return `This row is ${row.status} already${row.reviewedBy ? `, by ${row.reviewedBy}` : ''}.`;
  }
}

/**
 * Why an improvement cannot be accepted any more, as a sentence; null when it can, and for rows that improve nothing. What
 * replaces a row needs that row in its place; a translation needs only that nobody has taken the text back.
 */
export function whyNotAcceptable({ role, parent }: Reviewable): string | null {
  if (!parent || !role) return null;
  if (parent.status === 'accepted') return null;
  if (role === 'translate' && parent.status === 'superseded') return null;
  switch (parent.status) {
    case 'superseded':
      return `The row that it improves, ${parent.id}, was replaced meanwhile. Reject it, and ask for the same on the newer row.`;
    default:
      return `The row that it improves, ${parent.id}, is ${parent.status}.`;
  }
}

/** A cleaned or relabelled row takes its parent's place; a translation stands beside it. */
export const replacesParent = (role: ImprovementRole): boolean => role !== 'translate';

/** The texts of a row before and after, and the Datanet's field names: the question first, the answer last. */
export type RowChange = { fields: readonly string[]; before: RowData; after: RowData };

/**
 * What is wrong with a proposed improvement as field and sentence, or null. A corrected answer leaves the question as it is,
 * so that nobody earns an answer's part for another question.
 */
export function findImprovementFault(
  role: ImprovementRole,
  { fields, before, after }: RowChange,
): { field: string; message: string } | null {
  const [question, answer] = [fields[0]!, fields.at(-1)!];
  const textOf = (row: RowData, field: string) => canonicalText(row[field] ?? '');
  if (fields.every((field) => textOf(before, field) === textOf(after, field))) {
    return { field: answer, message: 'Nothing is changed yet: white space alone does not count.' };
  }
  if (role === 'label' && textOf(before, question) !== textOf(after, question)) {
    const message = 'Correcting an answer leaves the question as it is. Choose “clean” to change both.';
    return { field: question, message };
  }
  return null;
}
