import { and, eq, inArray } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples } from '#db/schema/datanets.ts';
import { harmFlagRows, harmFlags } from '#db/schema/lineage.ts';
import { getCuratedDatanet } from '#lib/datanets/get-curated-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { FlagDecidedError, FlagNotFoundError, OwnFlagError } from './errors.ts';
import { givePlaceBack } from './give-place-back.ts';
import type { DecideFlagInput } from './schema.ts';

export type DecidedFlag = { flagId: string; datanetId: string; slug: string; withdrawn: string[] };

/**
 * A curator's answer to a flag: keep the rows, take some out of the versions to come, or agree that they should be improved.
 * Rows taken out become `quarantined`, with the reason that their contributor reads; versions that hold them, and what they
 * earned, stay as they are. A row that a taken-out one had replaced stands again. Not for the contributor of the rows and not
 * for who reported them. Each flag is decided once.
 *
 * @throws {FlagNotFoundError | FlagDecidedError | OwnFlagError | DatanetForbiddenError | NotSignedInError}
 */
export async function decideFlag(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: DecideFlagInput,
): Promise<DecidedFlag> {
  const { address: account } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    const [flag] = await tx.select().from(harmFlags).where(eq(harmFlags.id, input.flagId)).for('update');
    if (!flag) throw new FlagNotFoundError();
    const datanet = await getCuratedDatanet(tx, flag.datanetId, account, 'decide about flagged rows');
    if (flag.contributor === account || flag.reportedBy === account) throw new OwnFlagError();
    if (flag.decidedBy) throw new FlagDecidedError(flag.decidedBy);
    if (input.decision === 'improve' && flag.kind !== 'report') throw new FlagNotFoundError();
    const withdrawn = await quarantine(tx, input);
    await tx
      .update(harmFlags)
      .set({ decision: input.decision, decidedBy: account, decidedAt: deps.now(), reason: input.reason })
      .where(eq(harmFlags.id, flag.id));
    return { flagId: flag.id, datanetId: datanet.id, slug: datanet.slug, withdrawn };
  });
}

/** Takes the named rows of the flag out, as far as they still stand. */
async function quarantine(
  tx: DatabaseOrTransaction,
  { flagId, exampleIds, reason }: DecideFlagInput,
): Promise<string[]> {
  if (exampleIds.length === 0) return [];
  const ofFlag = and(eq(harmFlagRows.flagId, flagId), inArray(harmFlagRows.exampleId, exampleIds));
  const named = await tx.select({ id: harmFlagRows.exampleId }).from(harmFlagRows).where(ofFlag);
  if (named.length !== new Set(exampleIds).size) throw new FlagNotFoundError();
  const taken = await tx
    .update(examples)
    .set({ status: 'quarantined', reason })
    .where(and(inArray(examples.id, exampleIds), eq(examples.status, 'accepted')))
    .returning({ id: examples.id });
  const ids = taken.map(({ id }) => id).sort();
  if (ids.length > 0) {
    await tx
      .update(harmFlagRows)
      .set({ withdrawn: true })
      .where(and(eq(harmFlagRows.flagId, flagId), inArray(harmFlagRows.exampleId, ids)));
  }
  for (const id of ids) await givePlaceBack(tx, id);
  return ids;
}
