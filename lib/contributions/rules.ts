/** Stored state of a row that a curator wants to decide about. */
type Reviewable = { id: string; contributor: string; status: string; reviewedBy: string | null };

/**
 * Why `account` cannot decide about a row, as a sentence; null when it can. Nobody decides about their own rows, the owner
 * included: who profits from a row must not be the one who lets it in. An owner alone appoints a curator first.
 */
export function whyNotReviewable(row: Reviewable, account: string): string | null {
  if (row.contributor === account) return 'This row is your own; another curator decides about it.';
  switch (row.status) {
    case 'pending':
      return null;
    case 'withdrawn':
      return 'Its contributor has withdrawn this row.';
    default:
      return `This row is ${row.status} already${row.reviewedBy ? `, by ${row.reviewedBy}` : ''}.`;
  }
}
