import { eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { mixes } from '#db/schema/mixes.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import { inheritLicence } from '#lib/kernel/licences.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { LicencesIncompatibleError, MixInvalidError } from './errors.ts';
import type { ChosenPart } from './types.ts';

export type MixablePart = Awaited<ReturnType<typeof findVersions>>[number] & { tenths: number };
export type Mixable = { parts: MixablePart[]; license: string };

/** A mix writes its rows down once more, which a launch waits for. */
const rowsMax = 250_000;

/**
 * The versions that are to be one mix, in the order of their ids, and the licence that they leave; anybody may ask who may train on each of
 * them.
 *
 * @throws {MixInvalidError | LicencesIncompatibleError | RowsClosedError | RowsSealedError}
 */
export async function getMixable(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  chosen: readonly ChosenPart[],
): Promise<Mixable> {
  const found = await findVersions(
    deps.db,
    chosen.map(({ versionId }) => versionId),
  );
  const tenths = new Map(chosen.map((part) => [part.versionId, part.tenths]));
  const parts = found.map((part) => ({ ...part, tenths: tenths.get(part.version.id)! }));
  if (parts.length !== chosen.length || parts.length < 2)
    throw new MixInvalidError('A version of this mix does not exist, or stands in it twice. Choose each once.');
  const [mixed] = parts.filter(({ isMix }) => isMix);
  if (mixed) throw new MixInvalidError('A mix cannot be part of another mix. Choose the versions that it is made of.');
  if (new Set(parts.map(({ version }) => version.datanetId)).size < parts.length)
    throw new MixInvalidError('Two versions of one Datanet share their rows. Keep one of them.');
  const rows = parts.reduce((sum, { version }) => sum + version.rowCount, 0);
  if (rows > rowsMax)
    throw new MixInvalidError(`These versions have ${rows} rows together; a mix may have ${rowsMax}.`);
  for (const { version } of parts) await getTrainingAccess(deps, actor, version.datanetId);
  const inherited = inheritLicence(parts.map(({ datanet }) => datanet.license));
  if (!inherited.ok) throw new LicencesIncompatibleError(inherited.sentence);
  return { parts, license: inherited.licence };
}

async function findVersions(db: DatabaseOrTransaction, ids: string[]) {
  const rows = await db
    .select({ version: datanetVersions, datanet: datanets, mixId: mixes.versionId })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(mixes, eq(mixes.versionId, datanetVersions.id))
    .where(inArray(datanetVersions.id, ids))
    .orderBy(datanetVersions.id);
  return rows.map(({ version, datanet, mixId }) => ({
    ...{ version: { ...version, root: version.root as `0x${string}` }, datanet, isMix: mixId !== null },
  }));
}
