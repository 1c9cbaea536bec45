import { eq } from 'drizzle-orm';
import { comments } from '#db/schema/discussions.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { CommentNotFoundError, CommentNotYoursError } from './errors.ts';
import type { TakeBackCommentInput } from './schema.ts';

/** Deletes the text of one's own comment; its place stays, so that answers keep their sense. @throws {CommentNotFoundError | CommentNotYoursError | NotSignedInError} */
export async function takeBackComment(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { commentId }: TakeBackCommentInput,
): Promise<void> {
  const { address } = assertAccount(actor);
  await deps.db.transaction(async (tx) => {
    const [comment] = await tx.select().from(comments).where(eq(comments.id, commentId)).for('update');
    if (!comment) throw new CommentNotFoundError();
    if (comment.author !== address) throw new CommentNotYoursError();
    await tx.update(comments).set({ text: '', takenBackAt: deps.now() }).where(eq(comments.id, commentId));
  });
}
