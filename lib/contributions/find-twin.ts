import type { DatabaseOrTransaction } from '#db/client.ts';
import type { DatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { findKnownExamples } from './find-known-examples.ts';
import { findNearExamples } from './find-near-examples.ts';
import { contentHashOf } from './parse/canonical-text.ts';
import type { RowData } from './types.ts';

/** Whether a row of the Datanet, in whatever state, or one of its gold rows says the same or almost the same as this text. */
export async function findTwin(
  db: DatabaseOrTransaction,
  datanet: Pick<DatanetTerms, 'id' | 'fields'>,
  data: RowData,
): Promise<boolean> {
  const known = await findKnownExamples(db, datanet.id, [contentHashOf(data)], null);
  if (known.size > 0) return true;
  const [near] = await findNearExamples(db, datanet, [sketchRow(Object.values(data))], null);
  return near !== null && near?.kind !== 'stitched';
}
