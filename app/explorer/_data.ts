import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { sumClaimed } from '#lib/explorer/get-totals.ts';
import { activeSince, listActiveDatanets } from '#lib/explorer/list-active-datanets.ts';
import { countAnswers, listAnswers } from '#lib/explorer/list-answers.ts';
import { countEarners, listEarners } from '#lib/explorer/list-earners.ts';
import { countEvents, listEvents } from '#lib/explorer/list-events.ts';
import { listLiveModels } from '#lib/explorer/list-live-models.ts';
import type { ExplorerQuery } from '#lib/explorer/schema.ts';

/** One list of the explorer with its count, ready to be drawn. */
export async function loadList(query: ExplorerQuery) {
  const { db, now } = buildDeps();
  const { cursor, account } = query;
  switch (query.kind) {
    case 'answers':
    case 'independent': {
      const filter = { independentOnly: query.kind === 'independent', account };
      const [page, count] = await Promise.all([listAnswers(db, filter, { cursor }), countAnswers(db, filter)]);
      return { type: 'answers', ...page, count: count.answers, payers: count.payers } as const;
    }
    case 'earners': {
      const [items, count] = await Promise.all([listEarners(db), countEarners(db)]);
      return { type: 'earners', items, nextCursor: null, count } as const;
    }
    case 'datanets': {
      const items = await listActiveDatanets(db, activeSince(now()));
      return { type: 'datanets', items, nextCursor: null, count: items.length } as const;
    }
    case 'models': {
      const items = await listLiveModels(db);
      return { type: 'models', items, nextCursor: null, count: items.length } as const;
    }
    default: {
      const [page, count, claimedWei] = await Promise.all([
        listEvents(db, query, cursor),
        countEvents(db, query),
        query.kind === 'claims' ? sumClaimed(db) : null,
      ]);
      return { type: 'events', ...page, count, claimedWei } as const;
    }
  }
}
