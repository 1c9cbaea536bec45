import { setImmediate } from 'node:timers/promises';
import type { SessionCache } from '../runtime/session-cache.ts';
import type { PreparedExample, TrainingExample } from '../train/prepare-examples.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { AttributionStoppedError } from './errors.ts';
import type { AdaptedModel } from './gradient-source.ts';
import { idAt } from './packed-ids.ts';
import { prepareRows } from './prepare-rows.ts';
import type { Codes } from './quantise.ts';
import { exampleCodes } from './query-codes.ts';
import { scanRows } from './scan.ts';
import { queriesMax } from './wasm/scan-kernel.ts';

export type ProbeInfluenceInput = {
  adapterDir: string;
  /** Trusted answers, e.g. held-out rows, of a group each: whoever wrote them. */
  probes: readonly { example: TrainingExample; group: number }[];
  /** The group of each row, by id. A row without one has influence on all probes. */
  groupOf: Readonly<Record<string, number>>;
};

export type RowInfluence = {
  exampleId: string;
  /** Sum of the row's scores over the probes of other groups, nats x 2^32: nobody's own answers speak for his rows. */
  net: bigint;
  /** The probe that the row lowers most, and by how much; null where it lowers none. */
  worstProbe: string | null;
  worst: bigint;
};

/**
 * Influence of every row on a fixed set of probe answers: one gradient a probe, and a pass over the index for every eight.
 * Signed and without a cut. Probes without a token that carries loss are left out.
 *
 * @returns the rows in index order
 * @throws AttributionIndexError, AttributionStoppedError; TrainingError dataset_empty when no probe is left
 */
export async function probeInfluence(
  model: AdaptedModel,
  sessions: SessionCache,
  index: AttributionIndex,
  { adapterDir, probes, groupOf }: ProbeInfluenceInput,
  isStopped: () => boolean,
): Promise<{ rows: RowInfluence[] }> {
  const examples = probes.map(({ example }) => example);
  const { set } = await prepareRows(model.base, adapterDir, examples, index.header.maxSeqLength);
  const groups = new Map(probes.map(({ example, group }) => [example.id, group]));
  const rows = Array.from({ length: index.header.rows }, (_, row): RowInfluence => {
    return { exampleId: idAt(index.ids, row), net: 0n, worstProbe: null, worst: 0n };
  });
  for (let start = 0; start < set.examples.length; start += queriesMax) {
    const part = set.examples.slice(start, start + queriesMax);
    const scores = scanRows(scanned(index), await codesOf(model, sessions, index, part));
    for (const [i, probe] of part.entries()) addScores(rows, scores[i]!, probe.id, groups.get(probe.id)!, groupOf);
    await setImmediate(); // lets a stop message in
    if (isStopped()) throw new AttributionStoppedError('Stopped after a pass over the index.');
  }
  return { rows };
}

async function codesOf(
  model: AdaptedModel,
  sessions: SessionCache,
  index: AttributionIndex,
  examples: readonly PreparedExample[],
): Promise<Codes[]> {
  const codes: Codes[] = [];
  for (const example of examples) codes.push((await exampleCodes(model, sessions, index, example)).codes);
  return codes;
}

function addScores(
  rows: readonly RowInfluence[],
  scores: BigInt64Array,
  probe: string,
  group: number,
  groupOf: Readonly<Record<string, number>>,
): void {
  for (const [i, row] of rows.entries()) {
    if (groupOf[row.exampleId] === group) continue;
    const score = scores[i]!;
    row.net += score;
    if (score < row.worst) Object.assign(row, { worst: score, worstProbe: probe });
  }
}

function scanned({ shards, header }: AttributionIndex) {
  return { shards, count: header.rows, dims: header.dims, shift: header.packed?.shift };
}
