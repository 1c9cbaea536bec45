import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { dataKeyWraps, sealedRows } from '#db/schema/access.ts';
import { contributions, examples } from '#db/schema/datanets.ts';
import { RowsClosedError } from '#lib/access/errors.ts';
import { findReadAccess } from '#lib/access/get-read-access.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { SealedRowsRefusedError } from './errors.ts';
import type { SubmitSealedRowsInput } from './schema.ts';

export type SubmittedSealedRows = { contributionId: string; storedRows: number; duplicates: number; slug: string };

/**
 * Stores rows that a member's browser has checked and sealed; they wait for a curator as all rows do. What the server can check is little,
 * and said so on the page: it sees equal fingerprints, so exact duplicates; near-duplicates, personal data, language and poison it
 * cannot see, and whether the fingerprint is the text's only members can. The same idempotency key stores nothing twice.
 *
 * @throws {RowsClosedError | SealedRowsRefusedError | DatanetNotFoundError | NotSignedInError}
 */
export async function submitSealedRows(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: SubmitSealedRowsInput,
): Promise<SubmittedSealedRows> {
  const { address: contributor } = assertAccount(actor);
  const { id: datanetId, slug } = await getDatanetTerms(deps.db, input.datanetId);
  return deps.db.transaction(async (tx) => {
    const { idempotencyKey } = input;
    const contribution = {
      ...{ id: newId(deps, 'contribution'), datanetId, contributor, idempotencyKey },
      ...{ source: 'sealed', rowCount: 0, createdAt: deps.now() },
    };
    const isFirst = await tx.insert(contributions).values(contribution).onConflictDoNothing().returning();
    const access = await findReadAccess({ ...deps, db: tx }, actor, datanetId);
    if (access.tier !== 'encrypted')
      throw new SealedRowsRefusedError('This Datanet is not encrypted: send plain rows.');
    if (!access.mayContribute) throw new RowsClosedError('encrypted');
    if (isFirst.length === 0) return { ...(await findEarlier(tx, contributor, input, datanetId)), slug };
    await checkEras(tx, datanetId, contributor, input.rows);
    const stored = await store(deps, tx, { datanetId, contribution, rows: input.rows });
    if (stored === 0) throw new SealedRowsRefusedError('All of these rows are in the Datanet already.'); // rolls back
    await tx.update(contributions).set({ rowCount: stored }).where(eq(contributions.id, contribution.id));
    const duplicates = input.rows.length - stored;
    return { contributionId: contribution.id, storedRows: stored, duplicates, slug };
  });
}

type Stored = {
  datanetId: string;
  contribution: { id: string; contributor: string; createdAt: Date };
  rows: SubmitSealedRowsInput['rows'];
};

async function store(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  tx: DatabaseOrTransaction,
  { datanetId, contribution: { id: contributionId, contributor, createdAt }, rows }: Stored,
): Promise<number> {
  let stored = 0;
  for (const { fingerprint, ...row } of rows) {
    const place = { id: newId(deps, 'example'), datanetId, contributionId, contributor, createdAt };
    const example = { ...place, data: {}, contentHash: fingerprint, status: 'pending' as const };
    const [inserted] = await tx.insert(examples).values(example).onConflictDoNothing().returning();
    if (!inserted) continue;
    await tx.insert(sealedRows).values({ exampleId: place.id, datanetId, fingerprint, ...row });
    stored += 1;
  }
  return stored;
}

/** New rows are sealed for the newest era: an older one's key may be with somebody who was removed. */
async function checkEras(
  tx: DatabaseOrTransaction,
  datanetId: string,
  account: string,
  rows: SubmitSealedRowsInput['rows'],
): Promise<void> {
  const wraps = await tx
    .select({ era: dataKeyWraps.era, account: dataKeyWraps.account })
    .from(dataKeyWraps)
    .where(eq(dataKeyWraps.datanetId, datanetId));
  const newest = Math.max(0, ...wraps.map(({ era }) => era));
  const hasKey = wraps.some((wrap) => wrap.era === newest && wrap.account === account);
  if (!hasKey || rows.some(({ era }) => era !== newest))
    throw new SealedRowsRefusedError('The Datanet has a newer key. Reload the page; nothing you typed is lost.');
}

async function findEarlier(
  tx: DatabaseOrTransaction,
  contributor: string,
  { idempotencyKey, rows }: SubmitSealedRowsInput,
  datanetId: string,
): Promise<Omit<SubmittedSealedRows, 'slug'>> {
  const sameKey = and(eq(contributions.contributor, contributor), eq(contributions.idempotencyKey, idempotencyKey));
  const [earlier] = await tx.select().from(contributions).where(sameKey);
  if (earlier?.datanetId !== datanetId)
    throw new SealedRowsRefusedError('This key belongs to an earlier contribution. Send the rows with a new one.');
  return {
    ...{ contributionId: earlier.id, storedRows: earlier.rowCount },
    duplicates: Math.max(0, rows.length - earlier.rowCount),
  };
}
