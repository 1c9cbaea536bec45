import { type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import type { ViewerVersion } from './find-viewer-version.ts';
import type { ColumnStatistics, NumberStatistics } from './types.ts';
import type { ViewerColumn } from './viewer-columns.ts';

const bins = 10;
/** As the Hub decides: few values that come back often are labels. */
const labelsMost = 1_000;
const labelsMostPart = 0.2;

/**
 * The Hub's statistics of every column of a version: lengths of texts in characters, times in seconds since 1970, or how often each
 * value stands where there are few. Cost: a pass over the version's rows a column; the job `export-version` does it once.
 */
export async function columnStatistics(
  db: DatabaseOrTransaction,
  { versionId, columns }: Pick<ViewerVersion, 'versionId' | 'columns'>,
): Promise<ColumnStatistics[]> {
  const found: ColumnStatistics[] = [];
  for (const column of columns) {
    const values = sql`(select (${column.value}) as value from ${versionExamples} x
      join ${examples} e on e.id = x.example_id where x.version_id = ${versionId})`;
    found.push(await statisticsOf(db, column, values));
  }
  return found;
}

async function statisticsOf(db: DatabaseOrTransaction, column: ViewerColumn, values: SQL): Promise<ColumnStatistics> {
  const { name, type } = column;
  if (type === 'string') {
    const counted = await db.execute<{ rows: string; nulls: string; unique: string }>(sql`
      select count(*) as rows, count(*) - count(value) as nulls, count(distinct value) as unique from ${values} v`);
    const [rows, nulls, unique] = ['rows', 'nulls', 'unique'].map((key) =>
      Number(counted.rows[0]![key as 'rows' | 'nulls' | 'unique']),
    ) as [number, number, number];
    if (unique > 0 && unique <= labelsMost && unique <= (rows - nulls) * labelsMostPart) {
      return {
        column_name: name,
        column_type: 'string_label',
        column_statistics: await labels(db, values, { rows, nulls }),
      };
    }
  }
  const number = type === 'string' ? sql`char_length(value)::float8` : sql`extract(epoch from value)::float8`;
  const column_type = type === 'string' ? ('string_text' as const) : ('datetime' as const);
  return { column_name: name, column_type, column_statistics: await numbers(db, values, number) };
}

async function labels(db: DatabaseOrTransaction, values: SQL, { rows, nulls }: { rows: number; nulls: number }) {
  const found = await db.execute<{ value: string; count: string }>(sql`
    select value, count(*) as count from ${values} v where value is not null group by value order by 2 desc, 1`);
  return {
    ...missing(nulls, rows),
    ...{ no_label_count: 0 as const, no_label_proportion: 0 as const, n_unique: found.rows.length },
    frequencies: Object.fromEntries(found.rows.map(({ value, count }) => [value, Number(count)])),
  };
}

type Summary = { rows: string; nulls: string } & Record<'min' | 'max' | 'mean' | 'median' | 'std', number | null>;

async function numbers(db: DatabaseOrTransaction, values: SQL, number: SQL): Promise<NumberStatistics> {
  const found = await db.execute<Summary>(sql`
    select count(*) as rows, count(*) - count(n) as nulls, min(n), max(n), avg(n) as mean, stddev_samp(n) as std,
      percentile_cont(0.5) within group (order by n) as median
    from (select ${number} as n from ${values} v) w`);
  const { rows, nulls, min, max, mean, median, std } = found.rows[0]!;
  const histogram = min === null || max === null ? null : await histogramOf(db, { values, number, min, max });
  return { ...missing(Number(nulls), Number(rows)), min, max, mean, median, std, histogram };
}

/** Bins of a whole width, so that edges are whole numbers; the last one holds its upper edge too. */
async function histogramOf(
  db: DatabaseOrTransaction,
  { values, number, min, max }: { values: SQL; number: SQL; min: number; max: number },
) {
  const width = Math.max(1, Math.ceil((max - min + 1) / bins));
  const used = Math.floor((max - min) / width) + 1;
  const found = await db.execute<{ bin: number; count: string }>(sql`
    select floor((n - ${min}::float8) / ${width}::float8)::int as bin, count(*) as count
    from (select ${number} as n from ${values} v) w where n is not null group by 1`);
  const hist = Array.from({ length: used }, (_, bin) => Number(found.rows.find((row) => row.bin === bin)?.count ?? 0));
  const bin_edges = Array.from({ length: used + 1 }, (_, i) => Math.min(min + i * width, max));
  return { hist, bin_edges };
}

const missing = (nulls: number, rows: number) => ({
  nan_count: nulls,
  nan_proportion: rows === 0 ? 0 : Number((nulls / rows).toFixed(5)),
});
