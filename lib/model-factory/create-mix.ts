import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions, versionExamples } from '#db/schema/datanets.ts';
import { mixes, mixParts } from '#db/schema/mixes.ts';
import { type MixHeader, mixRoot } from '#lib/kernel/mix.ts';
import { tenthsRange } from '#lib/kernel/mix-weights.ts';
import { getMixable, type Mixable, type MixablePart } from '#lib/mixes/get-mixable.ts';
import { encodeMixHeader } from '#lib/mixes/get-version-file.ts';
import type { ChosenPart } from '#lib/mixes/types.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';

type MixDeps = Pick<Deps, 'db' | 'store' | 'now' | 'randomBytes'>;

/** Who owns a mix: nobody may add rows to it, freeze it again or close it. What it earns goes to the owners of its parts. */
const nobody = '0x0000000000000000000000000000000000000000';

/**
 * Makes a version out of several: with their rows, in their order, a root over theirs (lib/kernel/mix.ts), and the licence that all of them
 * allow. Who may train on every part may mix them. Equal parts and weights give the same version again, whoever asks and in whatever order,
 * so that a launch may be repeated.
 *
 * @param parts at least two, of different Datanets
 * @throws {MixInvalidError | LicencesIncompatibleError | RowsClosedError | RowsSealedError | NotSignedInError}
 */
export async function createMix(
  deps: MixDeps,
  actor: Actor,
  { parts: chosen }: { parts: readonly ChosenPart[] },
): Promise<{ versionId: string }> {
  const { address } = assertAccount(actor);
  const { parts, license } = await getMixable(deps, actor, chosen);
  const root = mixRoot(parts.map(({ version, tenths }) => ({ root: version.root, rows: version.rowCount, tenths })));
  const header: MixHeader = {
    mix: 'openledger-mix/1',
    parts: parts.map(({ version, tenths }) => ({
      ...{ versionId: version.id, datanetId: version.datanetId, number: version.number },
      ...{ root: version.root, rows: version.rowCount, tenths },
    })),
  };
  const { key: objectKey } = await putContent(deps.store, encodeMixHeader(header));
  return deps.db.transaction(async (tx) => {
    // Two at the same time make one mix, because the second waits and finds it.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`mix:${root}`}, 0))`);
    const [known] = await tx
      .select({ versionId: mixes.versionId })
      .from(mixes)
      .innerJoin(datanetVersions, eq(datanetVersions.id, mixes.versionId))
      .where(eq(datanetVersions.root, root));
    if (known) return known;
    return { versionId: await insertMix(deps, tx, { parts, license, root, objectKey, account: address }) };
  });
}

type NewMix = Mixable & { root: `0x${string}`; objectKey: string; account: string };

async function insertMix(deps: MixDeps, tx: DatabaseOrTransaction, mix: NewMix): Promise<string> {
  const { parts, license, root, objectKey, account } = mix;
  const [versionId, datanetId] = [newId(deps, 'version'), newId(deps, 'datanet')];
  const createdAt = deps.now();
  const heaviest = parts.toSorted((a, b) => readRows(b) - readRows(a))[0]!.datanet;
  await tx.insert(datanets).values({
    ...{ id: datanetId, slug: `mix-${root.slice(2, 18)}`, owner: nobody, metaHash: root, createdAt, license },
    ...{ title: titleOf(parts), domain: heaviest.domain, language: heaviest.language, summary: summaryOf(parts) },
    ...{ description: '', rubric: [], fields: heaviest.fields },
  });
  const rowCount = parts.reduce((sum, { version }) => sum + version.rowCount, 0);
  await tx.insert(datanetVersions).values({
    ...{ id: versionId, datanetId, number: 1, root, rowCount, contributorCount: 0, objectKey },
    ...{ frozenBy: account, createdAt },
  });
  await tx.insert(mixes).values({ versionId, datanetId });
  let firstLeaf = 0;
  for (const [position, { version, tenths }] of parts.entries()) {
    await tx.insert(mixParts).values({ mixId: versionId, position, versionId: version.id, tenths, firstLeaf });
    await tx.execute(sql`
      insert into ${versionExamples} (version_id, leaf_index, example_id)
      select ${versionId}, ${firstLeaf}::int + leaf_index, example_id from ${versionExamples} where version_id = ${version.id}`);
    firstLeaf += version.rowCount;
  }
  const contributors = sql`(select count(distinct e.contributor) from examples e
    join ${versionExamples} v on v.example_id = e.id where v.version_id = ${versionId})`;
  await tx
    .update(datanetVersions)
    .set({ contributorCount: sql`${contributors}` })
    .where(eq(datanetVersions.id, versionId));
  return versionId;
}

const readRows = ({ version, tenths }: MixablePart) => version.rowCount * tenths;

function titleOf(parts: readonly MixablePart[]): string {
  const title = parts.map(({ datanet }) => datanet.title).join(' + ');
  return title.length <= 80 ? title : `${parts[0]!.datanet.title.slice(0, 50)} + ${parts.length - 1} more`;
}

const summaryOf = (parts: readonly MixablePart[]) =>
  `A mix of ${parts
    .map(
      ({ datanet, version, tenths }) =>
        `${datanet.title}, version ${version.number} (weight ${tenths / tenthsRange.once})`,
    )
    .join('; ')}.`.slice(0, 500);
