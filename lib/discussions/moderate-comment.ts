import { eq } from 'drizzle-orm';
import { commentModerations, comments } from '#db/schema/discussions.ts';
import { getCuratedDatanet } from '#lib/datanets/get-curated-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { CommentNotFoundError } from './errors.ts';
import type { ModerateCommentInput } from './schema.ts';

/**
 * Hides a comment or restores it, with a reason that everybody can read in the log. Only the Datanet's owner and curators may. Saying
 * again what holds already changes nothing and is not logged.
 *
 * @throws {CommentNotFoundError | DatanetForbiddenError | NotSignedInError}
 */
export async function moderateComment(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  { commentId, hides, reason }: ModerateCommentInput,
): Promise<{ changed: boolean }> {
  const { address: by } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [comment] = await tx.select().from(comments).where(eq(comments.id, commentId)).for('update');
    if (!comment) throw new CommentNotFoundError();
    await getCuratedDatanet(tx, comment.datanetId, by, 'moderate its discussion');
    if (comment.hidden === hides || comment.takenBackAt) return { changed: false };
    await tx.update(comments).set({ hidden: hides }).where(eq(comments.id, commentId));
    const act = { id: newId(deps, 'moderation'), commentId, datanetId: comment.datanetId, hides, by, reason };
    await tx.insert(commentModerations).values({ ...act, createdAt: deps.now() });
    return { changed: true };
  });
}
