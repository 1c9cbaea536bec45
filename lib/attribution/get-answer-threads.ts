import { asc, eq, inArray, sql } from 'drizzle-orm';
import { examples } from '#db/schema/datanets.ts';
import { attributionSpans } from '#db/schema/models.ts';
import { isPublic } from '#lib/access/queries.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getOwnAnswer } from './get-own-answer.ts';
import type { AnswerThreads } from './types.ts';

/**
 * Where an answer stands word for word in rows that everybody may read, rarest first: for who asked, because the places quote the
 * answer. What stands in private rows alone is only counted: its place would tell their words. Empty until the answer is attributed.
 *
 * `callerKey`: of a visitor with a free answer. Throws ReceiptNotFoundError.
 */
export async function getAnswerThreads(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { receiptId: string; callerKey: string },
): Promise<AnswerThreads> {
  const { id } = await getOwnAnswer(deps, actor, input);
  const spans = await deps.db
    .select()
    .from(attributionSpans)
    .where(eq(attributionSpans.inferenceId, id))
    .orderBy(asc(attributionSpans.rank));
  const named = [...new Set(spans.flatMap(({ exampleIds }) => exampleIds))];
  const readable = new Set(
    (named.length === 0
      ? []
      : await deps.db
          .select({ id: examples.id })
          .from(examples)
          .where(
            sql`${inArray(examples.id, named)} and ${examples.status} <> 'withdrawn' and ${isPublic(sql`${examples.datanetId}`)}`,
          )
    ).map((row) => row.id),
  );
  const threads = spans.map(({ startChar, endChar, millibits, occurrences, exampleIds }) => ({
    ...{ startChar, endChar, millibits, occurrences },
    exampleIds: exampleIds.filter((exampleId) => readable.has(exampleId)),
  }));
  const shown = threads.filter(({ exampleIds }) => exampleIds.length > 0);
  return { spans: shown, hidden: threads.length - shown.length };
}
