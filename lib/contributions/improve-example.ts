import { and, asc, eq, ne } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { contributions, examples } from '#db/schema/datanets.ts';
import { exampleDerivations, harmFlagRows, harmFlags } from '#db/schema/lineage.ts';
import { getTextAccess } from '#lib/access/get-read-access.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { bandKeys } from '#lib/kernel/near-copies/band-keys.ts';
import { sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import {
  ExampleNotFoundError,
  ExampleNotImprovableError,
  IdempotencyKeyReusedError,
  ImprovementMismatchError,
  NoNewRowsError,
} from './errors.ts';
import { findKnownExamples } from './find-known-examples.ts';
import { findReplacement } from './find-replacement.ts';
import { contentHashOf } from './parse/canonical-text.ts';
import { scoreRow } from './parse/checks/score-row.ts';
import { judgeRows, pickFields } from './parse/judge-rows.ts';
import { findImprovementFault, replacesParent } from './rules.ts';
import type { ImproveExampleInput } from './schema.ts';
import { storeRowChecks } from './store-row-checks.ts';
import type { RowData } from './types.ts';

export type ProposedImprovement = {
  exampleId: string;
  contributionId: string;
  datanetSlug: string;
  /** True when this idempotency key proposed the same before. */
  repeated: boolean;
};

/**
 * Proposes a better version of an accepted row: cleaned, with a corrected answer, or translated. It is a row of its own that
 * waits for a curator like any other and that nobody pays until it is accepted; its lineage names everybody who worked on the
 * rows before it, so their shares stay (lib/kernel/role-shares.ts). Anybody with an account may propose, also on own rows.
 *
 * @throws {ExampleNotFoundError | ExampleNotImprovableError} there is no such row, or it is not in the Datanet (any more).
 * @throws {ImprovementMismatchError} the text does not fit the kind of improvement.
 * @throws {NoNewRowsError} the text is not valid, holds personal data, or stands in the Datanet already.
 * @throws {IdempotencyKeyReusedError | NotSignedInError | RowsClosedError | RowsSealedError}
 */
export async function improveExample(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: ImproveExampleInput,
): Promise<ProposedImprovement> {
  const { address: contributor } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const parent = await getImprovable(tx, input.exampleId);
    const datanet = await getDatanetTerms(tx, parent.datanetId);
    await getTextAccess({ ...deps, db: tx }, actor, datanet.id);
    const after = pickFields(datanet.fields, input.data);
    const fields = datanet.fields.map(({ name }) => name);
    const fault = findImprovementFault(input.role, { fields, before: parent.data, after });
    if (fault) throw new ImprovementMismatchError(fault.field, fault.message);

    const contribution = {
      id: newId(deps, 'contribution'),
      datanetId: datanet.id,
      contributor,
      source: `improves ${parent.id}`,
      idempotencyKey: input.idempotencyKey,
      rowCount: 1,
      createdAt: deps.now(),
    };
    const isFirst = await tx.insert(contributions).values(contribution).onConflictDoNothing().returning();
    if (isFirst.length === 0)
      return { ...(await findEarlier(tx, contributor, input, after)), datanetSlug: datanet.slug };

    const contentHash = await judge(tx, datanet, after, contributor);
    const child = {
      id: newId(deps, 'example'),
      datanetId: datanet.id,
      contributionId: contribution.id,
      contributor,
      data: after,
      contentHash,
      status: 'pending' as const,
      createdAt: contribution.createdAt,
    };
    const stored = await tx.insert(examples).values(child).onConflictDoNothing().returning();
    if (stored.length === 0) await judge(tx, datanet, after, contributor); // somebody stored the same words meanwhile: throws and names it
    // It is like the row that it improves by its nature, so only the checks that need no other row are made.
    const sketch = sketchRow(Object.values(after));
    const card = scoreRow(after, datanet.language);
    await storeRowChecks(tx, datanet.id, [{ exampleId: child.id, card, bands: bandKeys(sketch.bands, datanet.id) }]);
    await tx.insert(exampleDerivations).values({
      exampleId: child.id,
      parentId: parent.id,
      role: input.role,
      note: input.note,
      reportedBy: replacesParent(input.role) ? await findReporter(tx, parent.id, contributor) : null,
    });
    return { exampleId: child.id, contributionId: contribution.id, datanetSlug: datanet.slug, repeated: false };
  });
}

async function getImprovable(tx: DatabaseOrTransaction, exampleId: string) {
  const [row] = await tx.select().from(examples).where(eq(examples.id, exampleId));
  if (!row) throw new ExampleNotFoundError(exampleId);
  if (row.status !== 'accepted') {
    throw new ExampleNotImprovableError(row.status, await findReplacement(tx, exampleId));
  }
  return row;
}

/** Content hash of a row that is valid and new; NoNewRowsError says why it is not. */
async function judge(
  tx: DatabaseOrTransaction,
  datanet: Awaited<ReturnType<typeof getDatanetTerms>>,
  data: RowData,
  sender: string,
): Promise<`0x${string}`> {
  const known = await findKnownExamples(tx, datanet.id, [contentHashOf(data)], sender);
  const [verdict] = judgeRows(datanet.fields, [{ line: 1, data }], known);
  if (verdict?.kind !== 'new') throw new NoNewRowsError(verdict ? [verdict] : []);
  return verdict.contentHash;
}

/** What the first call with this key stored, provided that it proposed the same. */
async function findEarlier(
  tx: DatabaseOrTransaction,
  contributor: string,
  input: ImproveExampleInput,
  data: RowData,
): Promise<Omit<ProposedImprovement, 'datanetSlug'>> {
  const sameKey = and(
    eq(contributions.contributor, contributor),
    eq(contributions.idempotencyKey, input.idempotencyKey),
  );
  const [earlier] = await tx
    .select({ exampleId: examples.id, contributionId: contributions.id })
    .from(contributions)
    .innerJoin(examples, eq(examples.contributionId, contributions.id))
    .innerJoin(exampleDerivations, eq(exampleDerivations.exampleId, examples.id))
    .where(
      and(sameKey, eq(exampleDerivations.parentId, input.exampleId), eq(examples.contentHash, contentHashOf(data))),
    );
  if (!earlier) throw new IdempotencyKeyReusedError();
  return { ...earlier, repeated: true };
}

/** Who first reported the fault in a row, if a curator agreed. Nobody is paid for reporting what they mend themselves. */
async function findReporter(tx: DatabaseOrTransaction, exampleId: string, improver: string): Promise<string | null> {
  const [flag] = await tx
    .select({ reportedBy: harmFlags.reportedBy })
    .from(harmFlagRows)
    .innerJoin(harmFlags, eq(harmFlags.id, harmFlagRows.flagId))
    .where(
      and(
        eq(harmFlagRows.exampleId, exampleId),
        eq(harmFlags.kind, 'report'),
        eq(harmFlags.decision, 'improve'),
        ne(harmFlags.reportedBy, improver),
      ),
    )
    .orderBy(asc(harmFlags.id))
    .limit(1);
  return flag?.reportedBy ?? null;
}
