import { NearRows } from '#lib/kernel/near-copies/near-rows.ts';
import { compareRows, type Likeness, type RowSketch, sketchRow } from '#lib/kernel/near-copies/row-sketch.ts';
import { type CopyKind, copyKinds, plantCopy } from '../dedup/plant.ts';
import { sourceRows } from '../dedup/source-rows.ts';
import { harbourRow } from '../finetune/rows.ts';
import type { BenchContext } from '../main.ts';
import { costOf } from '../measure.ts';

export const description =
  'near-duplicates of 7 kinds among the sample rows or those of --data: recall, precision, against all pairs, rows a second';

const sourcesMax = 2000;
const comparedMax = 1500;
/** Kinds that a filter of copies must find; words changed all over are reported as they are. */
const heldTo = new Set<CopyKind>(['case', 'spaces', 'look-alikes', 'zero-width', 'reorder']);

/** A row and the family that it belongs to: a source's copies are of its family, everything else stands alone. */
/** `plain`: the texts before they were disguised. */
type Row = {
  texts: readonly string[];
  plain: readonly string[];
  family: number;
  kind: CopyKind | 'source' | 'other fact' | 'stitched';
};
/** `says`: that the row is the match once more, or a question of one row with the answer of another. */
type Found = { row: Row; match: Row | null; says: Likeness['kind'] | null };

export async function run(context: BenchContext): Promise<void> {
  const sources = await sourceRows(context.dataPath, context.rowsMax ?? Number.POSITIVE_INFINITY);
  const rows = plant(sources);
  context.log(`${sources.length} rows, ${rows.length - sources.length} planted beside them`);
  const found: Found[] = [];
  const cost = await costOf(() => {
    const index = new NearRows();
    for (const row of rows) {
      const match = index.findAndAdd(sketchRow(row.texts));
      found.push({ row, match: match && rows[match.row]!, says: match?.kind ?? null });
    }
  });
  report(context, found);
  context.emit({ case: 'rows sketched, looked up and added', value: rows.length / cost.cpu, unit: 'rows/s CPU' });
  await againstAllPairs(context, sources);
}

/** First all sources, then the copies and the rows that only look like copies, as they would come later. */
function plant(sources: readonly string[][]): Row[] {
  const rows: Row[] = sources.map((texts, family) => ({ texts, plain: texts, family, kind: 'source' }));
  const step = Math.max(1, Math.floor(sources.length / sourcesMax));
  for (let source = 0, planted = 0; source < sources.length && planted < sourcesMax; source += step, planted++) {
    for (const kind of copyKinds) {
      const texts = sources[source]!.map((text) => plantCopy(kind, text, source));
      rows.push({ texts, plain: sources[source]!, family: source, kind });
    }
    // The same question with another row's answer, or one half of a text with another's: not a copy of either, and the former said to be so.
    const other = sources[(source + Math.floor(sources.length / 2)) % sources.length]!;
    const texts = mixed(sources[source]!, other);
    const kind = texts.length > 1 ? 'stitched' : 'other fact';
    rows.push({ texts, plain: texts, family: sources.length + source, kind });
  }
  for (let i = 0; i < 80; i++) {
    const { messages } = harbourRow(i) as { messages: { content: string }[] };
    const texts = messages.map(({ content }) => content);
    rows.push({ texts, plain: texts, family: -1 - i, kind: 'other fact' });
  }
  return rows;
}

function mixed(one: readonly string[], other: readonly string[]): string[] {
  if (one.length > 1) return [...one.slice(0, -1), other.at(-1)!];
  const half = (text: string, from: 0 | 1) => {
    const words = text.split(' ');
    return words.slice(...(from ? [words.length >> 1] : [0, words.length >> 1])).join(' ');
  };
  return [`${half(one[0]!, 0)} ${half(other[0]!, 1)}`];
}

function report({ emit, log }: BenchContext, found: readonly Found[]): void {
  for (const kind of copyKinds) {
    const own = found.filter(({ row }) => row.kind === kind);
    const right = own.filter((one) => isRight(one)).length;
    emit({
      ...{ case: `recall: ${kind}`, value: right / own.length, unit: 'share' },
      ...(heldTo.has(kind) ? { target: { atLeast: 0.99 } } : {}),
    });
  }
  const flagged = found.filter(({ says, row: { kind } }) => {
    const counts = kind === 'other fact' || kind === 'stitched' || kind === 'source' || heldTo.has(kind);
    return counts && (says === 'same' || says === 'near');
  });
  const right = flagged.filter((one) => isRight(one)).length;
  emit({ case: 'precision', value: right / flagged.length, unit: 'share', target: { atLeast: 0.98 } });
  const ofSources = flagged.filter(({ row }) => row.kind === 'source');
  const alike = ofSources.filter((one) => isRight(one)).length;
  emit({ case: 'rows of the source that are copies of older ones', value: ofSources.length, unit: 'rows' });
  log(`of those ${alike} have nine of ten words in common, counted one by one`);
  const shareOf = (kind: Row['kind'], isSaid: (says: Found['says']) => boolean) => {
    const own = found.filter(({ row }) => row.kind === kind);
    return { value: own.filter(({ says }) => isSaid(says)).length / Math.max(1, own.length), unit: 'share' };
  };
  emit({ case: 'other facts held for anything', ...shareOf('other fact', (says) => says !== null) });
  emit({ case: 'stitched rows known for that', ...shareOf('stitched', (says) => says === 'stitched') });
  const wrongly = found.filter(({ says, row }) => says === 'stitched' && row.kind !== 'stitched').length;
  emit({ case: 'other rows taken for stitched', value: wrongly, unit: 'rows' });
}

/** A copy is of its own family; where the source itself holds copies, the words are counted, without skeleton or hashes. */
function isRight({ row, match }: Found): boolean {
  if (!match) return false;
  return row.family === match.family || sharedPart(row.plain, match.plain) >= 0.9;
}

function sharedPart(a: readonly string[], b: readonly string[]): number {
  const [one, other] = [a, b].map(
    (texts) =>
      texts
        .join(' ')
        .normalize('NFKC')
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
  );
  const left = [...one!];
  let shared = 0;
  for (const word of other!) {
    const at = left.indexOf(word);
    if (at >= 0) {
      shared++;
      left[at] = '';
    }
  }
  return shared / Math.min(one!.length, other!.length);
}

/** What the keys lose and save against comparing every pair of rows, on copies of every kind that words can show. */
async function againstAllPairs({ emit }: BenchContext, sources: readonly string[][]): Promise<void> {
  const kinds = copyKinds.filter((kind) => kind !== 'translation');
  const some = sources.slice(0, comparedMax / 2);
  const copies = some.map((texts, i) => texts.map((text) => plantCopy(kinds[i % kinds.length]!, text, i)));
  const sketches = [...some, ...copies].map(sketchRow);
  let [byKeys, byPairs] = [0, 0];
  const keys = await costOf(() => {
    const index = new NearRows();
    byKeys = sketches.filter((sketch) => index.findAndAdd(sketch)).length;
  });
  const pairs = await costOf(() => {
    byPairs = sketches.filter((sketch, i) => hasOlder(sketches, sketch, i)).length;
  });
  emit({
    case: 'copies found',
    value: byKeys,
    unit: 'rows',
    peer: { name: 'every pair compared', value: byPairs },
    target: { atLeast: 0.99 },
  });
  const perRow = 1e6 / sketches.length;
  emit({
    case: 'look-up of a row',
    value: keys.cpu * perRow,
    unit: 'µs CPU',
    peer: { name: 'every pair compared', value: pairs.cpu * perRow },
  });
}

function hasOlder(sketches: readonly RowSketch[], sketch: RowSketch, at: number): boolean {
  for (let i = 0; i < at; i++) if (compareRows(sketch, sketches[i]!)) return true;
  return false;
}
