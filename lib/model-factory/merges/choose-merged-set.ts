import { buildTree } from '#lib/kernel/merkle.ts';
import { type TrainingSet, unitOf } from '../choose-training-set.ts';
import { TooFewOriginalsError } from '../errors.ts';
import { findRowCopies } from '../find-row-copies.ts';
import type { VersionRow } from '../read-version-rows.ts';
import { minTrainableRows } from '../rules.ts';
import type { TrainingEngine } from '../training-engine.ts';

type Divided = { train: readonly { id: string }[]; heldOut: readonly { id: string }[] };

/**
 * The rows of a merge (`merged/1`): what any of its models was trained on is credited, and what one of them held out and none was trained on
 * measures it. Copies are looked for over all versions, as in a mix: of words that stand in two Datanets the older row has the credit, even
 * where only the copy was trained on, and then it measures nothing. Order and root as `originals/3` has them.
 *
 * @param rows of the version that the merge stands on, in the order of contribution
 * @param models the sets of its models
 * @throws TooFewOriginalsError
 */
export async function chooseMergedSet(
  engine: Pick<TrainingEngine, 'findCopies'>,
  { rows, fields }: { rows: readonly VersionRow[]; fields: { name: string }[] },
  models: readonly Divided[],
): Promise<TrainingSet> {
  const units = rows.map((row) => unitOf(row, fields));
  const copies = await findRowCopies({ findCopies: (texts) => engine.findCopies(texts, 'first-commit/3') }, units);
  const copied = new Set(copies.map(({ id }) => id));
  const trained = new Set(models.flatMap(({ train }) => train.map(({ id }) => id)));
  const sealed = new Set(models.flatMap(({ heldOut }) => heldOut.map(({ id }) => id)));
  const learnt = new Set([...trained, ...copies.flatMap(({ id, copyOf }) => (trained.has(id) ? [copyOf] : []))]);
  const originals = units.filter(({ id }) => !copied.has(id)).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  if (originals.length < minTrainableRows) throw new TooFewOriginalsError(originals.length, copies.length);
  const { root } = buildTree(originals.map(({ hash }) => hash));
  return {
    ...{ rule: 'merged/1', root, copies },
    train: originals.filter(({ id }) => learnt.has(id)).map(({ row }) => row),
    heldOut: originals.filter(({ id }) => sealed.has(id) && !learnt.has(id)).map(({ row }) => row),
  };
}
