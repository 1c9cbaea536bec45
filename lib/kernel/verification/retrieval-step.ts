import { creditRetrieval, type RetrievalValues } from '../retrieval-credit.ts';
import { differs, type EvidenceStep, type Finding, ok, skipped } from './evidence-step.ts';
import type { AnswerFile, VersionLineage } from './receipt-evidence.ts';

/** As of the gradient: what shares may move by on another kind of processor. */
const movedMostPpm = 5_000;

/**
 * What the rows in the prompt were worth: they stood there as the version has them, and the answer's likelihood with each subset
 * of them comes out the same, or so near, as on another processor, that no row's part moves by half a per cent.
 */
export const retrievalStep: EvidenceStep = {
  id: 'retrieval-values',
  name: 'Worth of the rows read',
  async check({ evidence, answer, body }) {
    if (body.version === 1 || !body.attribution.retrieval) return ok('the answer read no rows');
    const { retrieval } = body.attribution;
    const [recomputation, version] = [await evidence.recompute(), await evidence.owners()];
    if (!recomputation || !answer || !version) return skipped("needs the adapter, the answer and the version's rows");
    const erased = retrieval.rows.find(({ exampleId }) => version.people.get(exampleId)?.data === null);
    if (erased) return skipped(`the author of ${erased.exampleId} has withdrawn it, and its text is destroyed`);
    const quoted = comparePassages(retrieval.rows, answer, version);
    if (quoted) return quoted;
    try {
      return compareValues(retrieval, await recomputation.subsetValues(answer));
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'attribution_query_invalid') throw error;
      return differs("the rows and the conversation do not make the prompt's tokens");
    }
  },
};

type Retrieval = RetrievalValues & { rows: readonly { exampleId: string; chars: number }[] };

function comparePassages(rows: Retrieval['rows'], { passages }: AnswerFile, version: VersionLineage): Finding | null {
  if (passages.length !== rows.length) return differs(`${rows.length} rows are paid, ${passages.length} were quoted`);
  for (const [i, { exampleId, chars }] of rows.entries()) {
    const text = Object.values(version.people.get(exampleId)?.data ?? {}).join('\n');
    const lines = passages[i]!.split('\n').map((line) => line.trim());
    if (passages[i]!.length !== chars || !lines.every((line) => text.includes(line))) {
      return differs(`what the prompt quoted of ${exampleId} is not its text`);
    }
  }
  return null;
}

function compareValues(said: Retrieval, found: RetrievalValues): Finding {
  const isSame = (value: number, i: number) => value === found.microNats[i];
  const isExact = said.baseMicroNats === found.baseMicroNats && said.microNats.every(isSame);
  if (isExact) return ok('the same values, to the micro-nat');
  if (said.microNats.length !== found.microNats.length) return differs('not one value a subset of the rows');
  const [before, after] = [creditRetrieval(said), creditRetrieval(found)];
  const row = before.rowPpm.findIndex((ppm, i) => Math.abs(ppm - after.rowPpm[i]!) >= movedMostPpm);
  if (row < 0) return ok('close to the signed values, as on another processor: no row moves by 0.5 %');
  return differs(`row ${row + 1}: the receipt says ${before.rowPpm[row]} ppm, recomputed ${after.rowPpm[row]} ppm`);
}
