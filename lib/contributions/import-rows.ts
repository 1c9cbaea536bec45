import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { contributions, examples } from '#db/schema/datanets.ts';
import { exampleAuthors, handles } from '#db/schema/handles.ts';
import { getContributeAccess } from '#lib/access/get-contribute-access.ts';
import { getCuratedDatanet } from '#lib/datanets/get-curated-datanet.ts';
import type { DatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { type Author, parseAuthor } from './author.ts';
import { newExampleIds } from './example-ids.ts';
import { forSender } from './for-sender.ts';
import { judgeNewRows } from './judge-new-rows.ts';
import { pickFields } from './parse/judge-rows.ts';
import type { ImportRowsInput } from './schema.ts';
import { storeRowChecks } from './store-row-checks.ts';
import type { RowCard, RowVerdict } from './types.ts';

export type ImportedRows = { storedRows: number; acceptedRows: number; verdicts: RowVerdict[] };

type ImportDeps = Pick<Deps, 'db' | 'now' | 'randomBytes'>;
type NewRow = {
  id: string;
  data: Record<string, string>;
  contentHash: string;
  authors: Author[];
  card: RowCard;
  bands: readonly number[];
};

/**
 * Brings rows of an existing community dataset into a Datanet under their authors' names: accounts, or handles whose earnings wait for
 * them. Only the owner and curators may; with `accept` they accept the rows by it, except their own and what the guard holds. Rows are judged as everybody's;
 * those that fail are named and not stored. A row that is there already is a duplicate, so that a broken import is
 * simply run again. Of several authors the first is the contributor, and all share equally. One transaction, about 1 ms a row.
 *
 * @throws {DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function importRows(deps: ImportDeps, actor: Actor, input: ImportRowsInput): Promise<ImportedRows> {
  const { address: importer } = assertAccount(actor);
  const datanet = await getCuratedDatanet(deps.db, input.datanetId, importer, 'import rows under their authors’ names');
  await getContributeAccess(deps, actor, datanet.id);
  return deps.db.transaction(async (tx) => {
    const verdicts = await judgeNewRows(tx, datanet, input.rows, importer);
    const rows = newRows(deps, datanet, input.rows, verdicts);
    await storeHandles(deps, tx, rows);
    let [storedRows, acceptedRows] = [0, 0];
    for (const [contributor, own] of Map.groupBy(rows, ({ authors }) => authors[0]!.account)) {
      const contributionId = await findOrAddContribution(deps, tx, { ...input, datanetId: datanet.id, contributor });
      const accepts = input.accept && contributor !== importer;
      // What the guard holds waits for somebody to decide about it alone, here as everywhere.
      for (const [held, part] of Map.groupBy(own, ({ card }) => card.held)) {
        const reviewedBy = accepts && !held ? importer : null;
        const place = { datanetId: datanet.id, contributionId, contributor, reviewedBy };
        const stored = await storeRows(deps, tx, part, place);
        storedRows += stored;
        if (reviewedBy) acceptedRows += stored;
      }
    }
    return { storedRows, acceptedRows, verdicts: verdicts.map(forSender) };
  });
}

function newRows(
  deps: ImportDeps,
  { fields }: Pick<DatanetTerms, 'fields'>,
  rows: ImportRowsInput['rows'],
  verdicts: readonly RowVerdict[],
): NewRow[] {
  const fresh = verdicts.flatMap((verdict, i) =>
    verdict.kind === 'new' && verdict.card && verdict.bands
      ? [{ ...{ row: rows[i]!, contentHash: verdict.contentHash }, card: verdict.card, bands: verdict.bands }]
      : [],
  );
  const ids = newExampleIds(deps, fresh.length);
  return fresh.map(({ row, contentHash, card, bands }, i) => ({
    ...{ id: ids[i]!, contentHash, card, bands, data: pickFields(fields, row.data) },
    authors: row.authors.map(parseAuthor),
  }));
}

async function storeHandles(deps: ImportDeps, tx: DatabaseOrTransaction, rows: readonly NewRow[]): Promise<void> {
  const named = rows.flatMap(({ authors }) =>
    authors.flatMap(({ account, handle }) => (handle ? [{ account, handle }] : [])),
  );
  const values = [...new Map(named.map((one) => [one.account, { ...one, createdAt: deps.now() }])).values()];
  if (values.length > 0) await tx.insert(handles).values(values).onConflictDoNothing();
}

/** One contribution for each author and source, however many calls an import takes. */
async function findOrAddContribution(
  deps: ImportDeps,
  tx: DatabaseOrTransaction,
  { datanetId, contributor, source }: { datanetId: string; contributor: string; source: string },
): Promise<string> {
  const [row] = await tx
    .insert(contributions)
    .values({
      ...{ id: newId(deps, 'contribution'), datanetId, contributor, source, rowCount: 0, createdAt: deps.now() },
      idempotencyKey: `import:${datanetId}:${source}`,
    })
    .onConflictDoUpdate({ target: [contributions.contributor, contributions.idempotencyKey], set: { source } })
    .returning({ id: contributions.id });
  return row!.id;
}

async function storeRows(
  deps: ImportDeps,
  tx: DatabaseOrTransaction,
  rows: readonly NewRow[],
  place: { datanetId: string; contributionId: string; contributor: string; reviewedBy: string | null },
): Promise<number> {
  const now = deps.now();
  const review = place.reviewedBy ? { status: 'accepted' as const, reviewedAt: now } : { status: 'pending' as const };
  const values = rows.map(({ id, data, contentHash }) => ({
    ...place,
    ...review,
    id,
    data,
    contentHash,
    createdAt: now,
  }));
  const stored = await tx.insert(examples).values(values).onConflictDoNothing().returning({ id: examples.id });
  const isStored = new Set(stored.map(({ id }) => id));
  const others = rows.flatMap(({ id, authors }) =>
    isStored.has(id) ? authors.slice(1).map(({ account }, i) => ({ exampleId: id, position: i + 1, account })) : [],
  );
  if (others.length > 0) await tx.insert(exampleAuthors).values(others);
  const checks = rows.flatMap(({ id, card, bands }) => (isStored.has(id) ? [{ exampleId: id, card, bands }] : []));
  await storeRowChecks(tx, place.datanetId, checks);
  const { rowCount } = contributions;
  await tx
    .update(contributions)
    .set({ rowCount: sql`${rowCount} + ${stored.length}` })
    .where(eq(contributions.id, place.contributionId));
  return stored.length;
}
