import { sha256, stringToBytes } from 'viem';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { TooFewOriginalsError } from './errors.ts';
import { findRowCopies, type RowWithPast } from './find-row-copies.ts';
import type { VersionRow } from './read-version-rows.ts';
import { divideHeldOut, minTrainableRows, toMessages } from './rules.ts';
import type { CopyOf, CopyRule, TrainingEngine, TrainingRow } from './training-engine.ts';

/** How rows become a training set, by version; a run manifest names it, so that the run can be reproduced for ever. */
export type DatasetRule = 'all-rows/1' | 'originals/1' | 'originals/2' | 'originals/3';

export type TrainingSet = {
  /** `merged/1`: of a merge (merges/choose-merged-set.ts). */
  rule: DatasetRule | 'merged/1';
  /** Decides the order of the rows, together with the recipe's seed. */
  root: `0x${string}`;
  train: TrainingRow[];
  heldOut: TrainingRow[];
  /** Rows left out, because they copy an older one. */
  copies: CopyOf[];
};

/**
 * The rows that a run trains on. `originals/3`: rows that copy no older row, nor what an older one was, in the order of their
 * words' hashes; root is the Merkle root of those hashes. Neither set, order nor root knows owners, ids or copies: adding a
 * copy, or giving a row to another owner, moves no bit of the adapter. In a mix that goes for the rows of all its parts together: a row that
 * stands in two Datanets is the older one's, and is read as often as that one's part says. What is held out follows from root and words together,
 * so that nobody can spell a row to be trained on, or to be what the model is measured by, before all rows are in.
 *
 * The rows of a merge are those of its models: merges/choose-merged-set.ts. For the runs from before: `originals/2` took a row for new when only its function words were; `originals/1` held out by content hash alone, and took rows that pad an older one for new; `all-rows/1` took every row, in leaf order, by the
 * version's root.
 *
 * @param rows in leaf order, which is the order of contribution
 * @throws TooFewOriginalsError
 */
export async function chooseTrainingSet(
  engine: Pick<TrainingEngine, 'findCopies'>,
  version: { rows: readonly VersionRow[]; fields: { name: string }[]; root: `0x${string}` },
  rule: DatasetRule = 'originals/3',
): Promise<TrainingSet> {
  const units = version.rows.map((row) => unitOf(row, version.fields));
  if (rule === 'all-rows/1') return { rule, root: version.root, copies: [], ...divide(units) };
  const copyRule = copyRules[rule];
  const judge = { findCopies: (rows: TrainingRow[]) => engine.findCopies(rows, copyRule) };
  const copies = await findRowCopies(judge, units);
  const copied = new Set(copies.map(({ id }) => id));
  const originals = units.filter(({ id }) => !copied.has(id)).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  if (originals.length < minTrainableRows) throw new TooFewOriginalsError(originals.length, copies.length);
  const { root } = buildTree(originals.map(({ hash }) => hash));
  const keyOf = rule === 'originals/1' ? undefined : (unit: Unit) => sha256(`0x${root.slice(2)}${unit.hash.slice(2)}`);
  return { rule, root, copies, ...divide(originals, keyOf) };
}

const copyRules: Record<Exclude<DatasetRule, 'all-rows/1'>, CopyRule> = {
  'originals/1': 'first-commit/1',
  'originals/2': 'first-commit/2',
  'originals/3': 'first-commit/3',
};

type Unit = RowWithPast & { id: string; contentHash: string; hash: `0x${string}` };

/** `hash` is over exactly what training reads of the row. A row of a mix is read by its own Datanet's columns. */
export function unitOf({ id, contentHash, data, from, formerly = [] }: VersionRow, own: { name: string }[]): Unit {
  const fields = from?.fields ?? own;
  const messages = toMessages(data, fields);
  const row = { id, messages, ...(from && { part: from.versionId, tenths: from.tenths }) };
  return {
    ...{ id, contentHash, row, hash: sha256(stringToBytes(canonicalJson(messages))) },
    formerly: formerly.map((text) => ({ id: text.id, messages: toMessages(text.data, fields) })),
  };
}

function divide(units: Unit[], keyOf?: (unit: Unit) => string): Pick<TrainingSet, 'train' | 'heldOut'> {
  const { train, heldOut } = divideHeldOut(units, keyOf);
  return { train: train.map(({ row }) => row), heldOut: heldOut.map(({ row }) => row) };
}
