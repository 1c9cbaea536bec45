import { and, eq, inArray, notExists, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { exampleDerivations } from '#db/schema/lineage.ts';
import { adapterCopies, models } from '#db/schema/models.ts';
import { findCertificateDocument } from '#lib/audits/find-certificate-document.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { type PooledRow, poolWeights, unitsOfEqualRow, unitsOfStandingPpm } from '#lib/kernel/pool-weights.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';
import { ObjectNotFoundError } from '#lib/platform/storage/object-store.ts';
import type { PeriodData } from './period-data.ts';
import { parsePoolId } from './pool-id.ts';

type Place = { adapterId: string; versionId: string };

/**
 * Who shares the common pools that receipts name. By the certificate's standing shares where the receipt's certificate has
 * some, else by equal share of the version's original rows: those that copy no older one, whether they were trained on or held
 * out to judge the training. Both go by what was fixed before anybody asked; a row that was withdrawn since keeps its part.
 *
 * Throws ObjectNotFoundError while the store lacks a certificate: paying by another rule instead would break a promise.
 * Cost: for equal shares one pass over the version's rows; a million take seconds.
 */
export async function loadPools(
  deps: Pick<Deps, 'db' | 'store'>,
  receipts: PeriodData['receipts'],
): Promise<PeriodData['pools']> {
  const ids = [...new Set(receipts.flatMap(({ pool }) => pool ?? []))].sort();
  const pools: PeriodData['pools'] = {};
  for (const id of ids) {
    const { modelId, certificateSha256 } = parsePoolId(id);
    const [place] = await deps.db
      .select({ adapterId: models.adapterId, versionId: models.versionId })
      .from(models)
      .where(eq(models.id, modelId));
    if (!place) throw new RangeError(`the common pool ${id} is of no model`);
    const standing = certificateSha256 && (await standingRows(deps, certificateSha256));
    const rows = standing || (await equalRows(deps.db, place));
    pools[id] = {
      ...{ modelId, adapterId: place.adapterId, weights: poolWeights(rows) },
      certificateSha256: standing ? certificateSha256 : null,
    };
  }
  return pools;
}

async function standingRows(
  deps: Pick<Deps, 'db' | 'store'>,
  certificateSha256: `0x${string}`,
): Promise<PooledRow[] | null> {
  const document = await findCertificateDocument(deps.store, certificateSha256);
  if (!document) throw new ObjectNotFoundError(contentKey(certificateSha256));
  const { standing } = document;
  if (!standing) return null;
  const ids = standing.map(({ exampleId }) => exampleId);
  const roles = await findRoles(deps.db, ids);
  return standing.map(({ exampleId, ppm }) => ({ units: ppm * unitsOfStandingPpm, lineage: roles.get(exampleId)! }));
}

/** Rows that nobody improved are alike by who sent and who accepted them, and counted; the others come one by one. */
async function equalRows(db: DatabaseOrTransaction, place: Place): Promise<PooledRow[]> {
  const improved = db
    .select({ one: sql`1` })
    .from(exampleDerivations)
    .where(eq(exampleDerivations.exampleId, examples.id));
  const originals = originalRows(db, place);
  const alike = await db
    .select({ contributor: examples.contributor, reviewedBy: examples.reviewedBy, rows: sql<string>`count(*)` })
    .from(examples)
    .where(and(inArray(examples.id, originals), notExists(improved)))
    .groupBy(examples.contributor, examples.reviewedBy);
  const others = await db
    .select({ id: exampleDerivations.exampleId })
    .from(exampleDerivations)
    .where(inArray(exampleDerivations.exampleId, originals));
  const roles = await findRoles(
    db,
    others.map(({ id }) => id),
  );
  return [
    ...alike.map(({ contributor, reviewedBy, rows }) => ({
      ...{ units: unitsOfEqualRow, rows: Number(rows), lineage: collected(contributor, reviewedBy) },
    })),
    ...[...roles.values()].map((lineage) => ({ units: unitsOfEqualRow, lineage })),
  ];
}

function originalRows(db: DatabaseOrTransaction, { adapterId, versionId }: Place) {
  const copied = db
    .select({ one: sql`1` })
    .from(adapterCopies)
    .where(and(eq(adapterCopies.adapterId, adapterId), eq(adapterCopies.exampleId, versionExamples.exampleId)));
  return db
    .select({ id: versionExamples.exampleId })
    .from(versionExamples)
    .where(and(eq(versionExamples.versionId, versionId), notExists(copied)));
}

/** As `findRoles` says it of a row that nobody improved; rows of a version were accepted. */
function collected(contributor: string, reviewedBy: string | null): LineageAct[] {
  const collect: LineageAct = { role: 'collect', account: contributor as `0x${string}` };
  return reviewedBy ? [collect, { role: 'review', account: reviewedBy as `0x${string}` }] : [collect];
}
