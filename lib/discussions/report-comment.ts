import { eq } from 'drizzle-orm';
import { commentReports, comments } from '#db/schema/discussions.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { CommentNotFoundError } from './errors.ts';
import type { ReportCommentInput } from './schema.ts';

/** Tells the curators about a comment; once each person. @throws {CommentNotFoundError | NotSignedInError} */
export async function reportComment(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { commentId, reason }: ReportCommentInput,
): Promise<void> {
  const { address: reporter } = assertAccount(actor);
  const [comment] = await deps.db.select({ id: comments.id }).from(comments).where(eq(comments.id, commentId));
  if (!comment) throw new CommentNotFoundError();
  const report = { commentId, reporter, reason, createdAt: deps.now() };
  await deps.db.insert(commentReports).values(report).onConflictDoNothing();
}
