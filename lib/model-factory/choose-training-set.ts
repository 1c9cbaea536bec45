import { sha256, stringToBytes } from 'viem';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { TooFewOriginalsError } from './errors.ts';
import type { VersionRow } from './read-version-rows.ts';
import { divideHeldOut, minTrainableRows, toMessages } from './rules.ts';
import type { CopyOf, TrainingEngine, TrainingRow } from './training-engine.ts';

/** How rows become a training set, by version; a run manifest names it, so that the run can be reproduced for ever. */
export type DatasetRule = 'all-rows/1' | 'originals/1';

export type TrainingSet = {
  rule: DatasetRule;
  /** Decides the order of the rows, together with the recipe's seed. */
  root: `0x${string}`;
  train: TrainingRow[];
  heldOut: TrainingRow[];
  /** Rows left out, because they copy an older one. */
  copies: CopyOf[];
};

/**
 * The rows that a run trains on. `originals/1`: rows that copy no older row, in the order of their words' hashes; root is the
 * Merkle root of those hashes. Neither set, order nor root knows owners, ids or copies: adding a copy, or giving a row to
 * another owner, moves no bit of the adapter. `all-rows/1` is what runs did before: every row, in leaf order, by the
 * version's root.
 *
 * @param rows in leaf order, which is the order of contribution
 * @throws TooFewOriginalsError
 */
export async function chooseTrainingSet(
  engine: Pick<TrainingEngine, 'findCopies'>,
  version: { rows: readonly VersionRow[]; fields: { name: string }[]; root: `0x${string}` },
  rule: DatasetRule = 'originals/1',
): Promise<TrainingSet> {
  const units = version.rows.map((row) => unitOf(row, version.fields));
  if (rule === 'all-rows/1') return { rule, root: version.root, copies: [], ...divide(units) };
  const copies = await engine.findCopies(units.map(({ row }) => row));
  const copied = new Set(copies.map(({ id }) => id));
  const originals = units.filter(({ id }) => !copied.has(id)).sort((a, b) => (a.hash < b.hash ? -1 : 1));
  if (originals.length < minTrainableRows) throw new TooFewOriginalsError(originals.length, copies.length);
  return { rule, root: buildTree(originals.map(({ hash }) => hash)).root, copies, ...divide(originals) };
}

type Unit = { id: string; contentHash: string; row: TrainingRow; hash: `0x${string}` };

/** `hash` is over exactly what training reads of the row. */
function unitOf({ id, contentHash, data }: VersionRow, fields: { name: string }[]): Unit {
  const messages = toMessages(data, fields);
  return { id, contentHash, row: { id, messages }, hash: sha256(stringToBytes(canonicalJson(messages))) };
}

function divide(units: Unit[]): Pick<TrainingSet, 'train' | 'heldOut'> {
  const { train, heldOut } = divideHeldOut(units);
  return { train: train.map(({ row }) => row), heldOut: heldOut.map(({ row }) => row) };
}
