import { type SQL, sql } from 'drizzle-orm';
import type { Database, DatabaseOrTransaction } from '#db/client.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { textQuery } from '#lib/contributions/queries.ts';
import { ViewerQueryInvalidError, ViewerQueryTooSlowError } from './errors.ts';
import type { ViewerVersion } from './find-viewer-version.ts';
import { parseOrderBy, parseWhere } from './parse-where.ts';
import { truncateCells } from './truncate-cells.ts';
import { type ViewerFeature, type ViewerPage, viewerPageMax } from './types.ts';
import type { ViewerColumn } from './viewer-columns.ts';

type Place = { offset: number; length: number };
/** A statement that takes longer than this is ended: nobody's question may hold the database. */
const longestMs = 8_000;

/** Rows `offset` to `offset + length` in the version's order. Cost: one range of an index, wherever it lies. */
export async function readViewerRows(
  db: DatabaseOrTransaction,
  version: ViewerVersion,
  { offset, length }: Place,
): Promise<ViewerPage> {
  const { rows } = await db.execute<CellRow>(sql`
    select x.leaf_index as row_idx, ${cellsOf(version.columns)}
    from ${versionExamples} x join ${examples} e on e.id = x.example_id
    where x.version_id = ${version.versionId} and x.leaf_index >= ${offset} and x.leaf_index < ${offset + length}
    order by x.leaf_index`);
  return pageOf(version, rows, version.rowCount);
}

/** Rows that have all words, the last one also as a beginning. Cost: the matching rows of the Datanet, by the index on words. */
export async function searchViewerRows(
  db: Database,
  version: ViewerVersion,
  { query, ...place }: Place & { query: string },
): Promise<ViewerPage> {
  const words = textQuery(query);
  if (!words) return readViewerRows(db, version, place);
  const hits = sql`select e.id from ${examples} e where e.datanet_id = ${version.datanetId}
    and e.status <> 'withdrawn' and e.search @@ to_tsquery('simple', ${words})`;
  return selectRows(db, version, { condition: sql`e.id in (${hits})`, order: null, place });
}

/** Rows that a condition holds for. Cost: every row of the version, up to 8 s. @throws {ViewerQueryInvalidError} */
export async function filterViewerRows(
  db: Database,
  version: ViewerVersion,
  { where, orderby, ...place }: Place & { where: string; orderby?: string | undefined },
): Promise<ViewerPage> {
  const condition = parseWhere(where, version.columns);
  const order = orderby ? parseOrderBy(orderby, version.columns) : null;
  return selectRows(db, version, { condition, order, place });
}

async function selectRows(
  db: Database,
  version: ViewerVersion,
  { condition, order, place }: { condition: SQL; order: SQL | null; place: Place },
): Promise<ViewerPage> {
  const from = sql`${versionExamples} x join ${examples} e on e.id = x.example_id
    where x.version_id = ${version.versionId} and ${condition}`;
  const by = order ? sql`${order}, x.leaf_index` : sql`x.leaf_index`;
  try {
    return await db.transaction(async (tx) => {
      await tx.execute(sql.raw(`set local statement_timeout = ${longestMs}`));
      const total = await tx.execute<{ rows: string }>(sql`select count(*) as rows from ${from}`);
      const { rows } = await tx.execute<CellRow>(sql`
        select x.leaf_index as row_idx, ${cellsOf(version.columns)} from ${from}
        order by ${by} limit ${place.length} offset ${place.offset}`);
      return pageOf(version, rows, Number(total.rows[0]!.rows));
    });
  } catch (error) {
    throw toViewerError(error);
  }
}

/** PostgreSQL's refusals that the question has caused. */
function toViewerError(error: unknown): unknown {
  const code =
    (error as { cause?: { code?: unknown }; code?: unknown }).cause?.code ?? (error as { code?: unknown }).code;
  if (code === '57014') return new ViewerQueryTooSlowError(longestMs / 1000);
  if (typeof code === 'string' && code.startsWith('22')) {
    return new ViewerQueryInvalidError(
      'where',
      'A value cannot be read as what it is compared with, e.g. no such date.',
    );
  }
  return error;
}

type CellRow = { row_idx: number; cells: (string | null)[] };

/** All cells as one JSON array, so that no column name meets another. Times are UTC, as in the Parquet files. */
function cellsOf(columns: readonly ViewerColumn[]): SQL {
  const cells = columns.map(({ type, value }) =>
    type === 'timestamp' ? sql`to_char((${value}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')` : value,
  );
  return sql`json_build_array(${sql.join(cells, sql`, `)}) as cells`;
}

function pageOf({ columns }: ViewerVersion, rows: readonly CellRow[], total: number): ViewerPage {
  const named = rows.map(({ row_idx, cells }) => ({
    row_idx: Number(row_idx),
    row: Object.fromEntries(columns.map(({ name }, i) => [name, cells[i] ?? null])),
  }));
  return {
    features: viewerFeatures(columns),
    rows: truncateCells(named),
    num_rows_total: total,
    num_rows_per_page: viewerPageMax,
    partial: false,
  };
}

/** Columns as the Hub's answers describe them. */
function viewerFeatures(columns: readonly ViewerColumn[]): ViewerFeature[] {
  return columns.map(({ name, type }, i) => ({
    feature_idx: i,
    name,
    type: { dtype: type === 'timestamp' ? 'timestamp[s]' : 'string', _type: 'Value' },
  }));
}
