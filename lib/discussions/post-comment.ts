import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { comments } from '#db/schema/discussions.ts';
import { ExampleNotFoundError } from '#lib/contributions/errors.ts';
import { findDatanetOf } from '#lib/contributions/find-datanet-of.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { CommentNotFoundError } from './errors.ts';
import type { PostCommentInput } from './schema.ts';

/**
 * Says something about a Datanet or one of its rows, or answers a comment there. An answer to an answer joins its thread. The same
 * idempotency key stores nothing twice.
 *
 * @throws {DatanetNotFoundError | ExampleNotFoundError | CommentNotFoundError | NotSignedInError}
 */
export async function postComment(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: PostCommentInput,
): Promise<{ commentId: string; datanetSlug: string }> {
  const { address: author } = assertAccount(actor);
  const { id: datanetId, slug: datanetSlug } = await getDatanetTerms(deps.db, input.datanetId);
  return deps.db.transaction(async (tx) => {
    const { exampleId } = input;
    if (exampleId && (await findDatanetOf(tx, exampleId)) !== datanetId) throw new ExampleNotFoundError(exampleId);
    const place = { datanetId, exampleId: input.exampleId ?? null };
    const replyTo = input.replyTo ? await threadOf(tx, place, input.replyTo) : null;
    const comment = { ...place, replyTo, author, text: input.text, idempotencyKey: input.idempotencyKey };
    const row = { ...comment, id: newId(deps, 'comment'), createdAt: deps.now() };
    const inserted = await tx.insert(comments).values(row).onConflictDoNothing().returning({ id: comments.id });
    if (inserted[0]) return { commentId: inserted[0].id, datanetSlug };
    const key = and(eq(comments.author, author), eq(comments.idempotencyKey, input.idempotencyKey));
    const [earlier] = await tx.select({ id: comments.id }).from(comments).where(key);
    return { commentId: earlier!.id, datanetSlug };
  });
}

async function threadOf(
  tx: DatabaseOrTransaction,
  place: { datanetId: string; exampleId: string | null },
  commentId: string,
): Promise<string> {
  const [parent] = await tx.select().from(comments).where(eq(comments.id, commentId));
  if (parent?.datanetId !== place.datanetId || parent.exampleId !== place.exampleId) throw new CommentNotFoundError();
  return parent.replyTo ?? parent.id;
}
