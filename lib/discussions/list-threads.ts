import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { commentModerations, commentReports, comments } from '#db/schema/discussions.ts';
import type { Page } from '#lib/datanets/types.ts';
import type { CommentView, ModerationView, ThreadView } from './types.ts';

type Record = {
  id: string;
  reply_to: string | null;
  author: `0x${string}`;
  text: string;
  hidden: boolean;
  taken_back_at: string | null;
  created_at: string | Date;
  moderation: { by: `0x${string}`; reason: string } | null;
  reports: CommentView['reports'];
};

/** Answers that are shown with a thread; who has more to say begins another. */
const repliesMost = 200;

const columns = sql`c.id, c.reply_to, c.author, c.text, c.hidden, c.taken_back_at, c.created_at,
  (select json_build_object('by', m.by, 'reason', m.reason) from ${commentModerations} m
    where m.comment_id = c.id order by m.id desc limit 1) as moderation,
  (select coalesce(json_agg(json_build_object('by', r.reporter, 'reason', r.reason) order by r.created_at), '[]')
    from ${commentReports} r where r.comment_id = c.id) as reports`;

/**
 * Threads about a Datanet, or about one of its rows, oldest first, each with its answers. Keyset by id: any page costs the same.
 *
 * @param asCurator whether the reader may restore: then hidden texts and reports are told
 */
export async function listThreads(
  db: DatabaseOrTransaction,
  place: { datanetId: string; exampleId?: string | undefined; after?: string | undefined; limit?: number },
  asCurator: boolean,
): Promise<Page<ThreadView>> {
  const limit = place.limit ?? 50;
  const about: SQL = place.exampleId ? sql`c.example_id = ${place.exampleId}` : sql`c.example_id is null`;
  const top = await db.execute<Record>(sql`
    select ${columns} from ${comments} c
    where c.datanet_id = ${place.datanetId} and ${about} and c.reply_to is null
      ${place.after ? sql`and c.id > ${place.after}` : sql``}
    order by c.id limit ${limit + 1}`);
  const threads = top.rows.slice(0, limit);
  const ids = threads.map(({ id }) => id);
  const replies = await db.execute<Record>(sql`
    select r.* from unnest(${sql.param(ids)}::text[]) t(id) cross join lateral (
      select ${columns} from ${comments} c where c.reply_to = t.id order by c.id limit ${repliesMost}) r`);
  const repliesOf = Map.groupBy(replies.rows, (row) => row.reply_to);
  return {
    items: threads.map((row) => ({
      ...toComment(row, asCurator),
      replies: (repliesOf.get(row.id) ?? []).map((reply) => toComment(reply, asCurator)),
    })),
    nextCursor: top.rows.length > limit ? (ids.at(-1) ?? null) : null,
  };
}

/** What curators hid and restored in a Datanet, newest first. */
export async function listModerations(db: DatabaseOrTransaction, datanetId: string): Promise<ModerationView[]> {
  const { rows } = await db.execute<Omit<ModerationView, 'commentId'> & { comment_id: string; created_at: string }>(sql`
    select m.id, m.comment_id, m.hides, m.by, m.reason, m.created_at from ${commentModerations} m
    where m.datanet_id = ${datanetId} order by m.id desc limit 100`);
  return rows.map(({ comment_id, created_at, id, hides, by, reason }) => ({
    ...{ id, commentId: comment_id, hides, by, reason, createdAt: new Date(created_at) },
  }));
}

function toComment(row: Record, asCurator: boolean): CommentView {
  const state = row.taken_back_at ? 'taken-back' : row.hidden ? 'hidden' : 'shown';
  const isTold = state === 'shown' || (state === 'hidden' && asCurator);
  return {
    ...{ id: row.id, author: row.author, state, createdAt: new Date(row.created_at) },
    text: isTold ? row.text : null,
    hiddenBy: state === 'hidden' ? (row.moderation?.by ?? null) : null,
    hiddenReason: state === 'hidden' ? (row.moderation?.reason ?? null) : null,
    reports: asCurator ? row.reports : [],
  };
}
