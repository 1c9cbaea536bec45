import { and, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { exampleCounts } from '#db/schema/counts.ts';
import { examples } from '#db/schema/datanets.ts';
import type { ColumnStats } from './types.ts';

const binCount = 8;
/** A bar of a tenth of the rows is within 1.3 points of its height, 19 times of 20. Half a millisecond a row that no cache has. */
const sampleRows = 2_000;

type Row = {
  field: string;
  count: number;
  min_chars: number;
  max_chars: number;
  mean_chars: number;
  bins: Record<string, number>;
};

/**
 * Lengths of the accepted rows' texts by field, with a histogram for filtering. Of more than 2,000 rows those 2,000 are read whose
 * content hashes come first: a sample that has nothing to do with lengths, and the same one until rows come or go. Cost: that many
 * look-ups of one index, so pages cache it.
 */
export async function columnStats(
  db: DatabaseOrTransaction,
  { datanetId, fields, rowsMax = sampleRows }: { datanetId: string; fields: readonly string[]; rowsMax?: number },
): Promise<ColumnStats[]> {
  if (fields.length === 0) return [];
  const [total] = await db
    .select({ rows: sql<number>`coalesce(sum(${exampleCounts.rows}), 0)::int` })
    .from(exampleCounts)
    .where(and(eq(exampleCounts.datanetId, datanetId), eq(exampleCounts.status, 'accepted')));
  const sampleOf = total!.rows > rowsMax ? total!.rows : null;
  const result = await db.execute<Row>(sql`
    with sample as materialized (
      select data from ${examples} where datanet_id = ${datanetId} and status = 'accepted'
      order by content_hash limit ${rowsMax}
    ), lengths as materialized (
      select f.field, char_length(s.data ->> f.field) as chars
      from sample s cross join jsonb_array_elements_text(${JSON.stringify(fields)}::jsonb) as f(field)
      where s.data ? f.field
    ), ranges as (
      select field, count(*)::int as count, min(chars) as min_chars, max(chars) as max_chars,
        round(avg(chars))::int as mean_chars
      from lengths group by field
    ), binned as (
      select l.field, (l.chars - r.min_chars) / ((r.max_chars - r.min_chars) / ${binCount}::int + 1) as bin,
        count(*)::int as count
      from lengths l join ranges r using (field) group by 1, 2
    )
    select r.*, (select json_object_agg(b.bin, b.count) from binned b where b.field = r.field) as bins
    from ranges r`);
  return fields.flatMap((field) => {
    const row = result.rows.find((candidate) => candidate.field === field);
    return row ? [{ ...toStats(row), sampleOf }] : [];
  });
}

function toStats(row: Row): Omit<ColumnStats, 'sampleOf'> {
  const width = Math.floor((row.max_chars - row.min_chars) / binCount) + 1; // the same integer width as in SQL
  const used = Math.floor((row.max_chars - row.min_chars) / width) + 1;
  const bins = Array.from({ length: used }, (_, bin) => ({
    from: row.min_chars + bin * width,
    to: Math.min(row.min_chars + (bin + 1) * width - 1, row.max_chars),
    count: row.bins[bin] ?? 0,
  }));
  const { field, count } = row;
  return { field, count, minChars: row.min_chars, maxChars: row.max_chars, meanChars: row.mean_chars, bins };
}
