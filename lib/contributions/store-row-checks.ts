import { sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { rowChecks } from '#db/schema/guard.ts';
import type { RowCard } from './types.ts';

const statementRows = 1_000;

/** A stored row's scorecard; `bands` as `bandKeys` gives them, empty for a copy. */
export type RowCheck = { exampleId: string; card: RowCard; bands: readonly number[] };

/** Stores scorecards in the transaction that stores their rows. Some 60 µs a row, most of it the inverted index. */
export async function storeRowChecks(
  tx: DatabaseOrTransaction,
  datanetId: string,
  checks: readonly RowCheck[],
): Promise<void> {
  for (let start = 0; start < checks.length; start += statementRows) {
    const batch = checks.slice(start, start + statementRows).map(({ exampleId, card, bands }) => ({
      ...{ id: exampleId, score: card.score, held: card.held, reasons: card.reasons, bands },
    }));
    await tx.execute(sql`
      insert into ${rowChecks} (example_id, datanet_id, score, held, reasons, bands)
      select r.id, ${datanetId}, r.score, r.held, r.reasons, r.bands
      from json_to_recordset(${JSON.stringify(batch)}::json)
        as r(id text, score smallint, held boolean, reasons jsonb, bands int[])
      on conflict do nothing`);
  }
}
