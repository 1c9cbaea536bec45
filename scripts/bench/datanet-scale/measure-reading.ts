import type pg from 'pg';
import type { Database } from '#db/client.ts';
import { textQuery } from '#lib/contributions/queries.ts';
import { getDatanet } from '#lib/datanets/get-datanet.ts';
import type { BenchContext } from '../main.ts';
import { plantedWords, scaleDatanet } from './million-rows.ts';
import { timeAll, timeInTurn } from './timings.ts';

const anyOne = `e.datanet_id = '${scaleDatanet.id}' and e.status = 'accepted'`;
const words = [...Object.values(plantedWords), 'w19999', 'w100', 'w5 w9', 'nothing'];

type Place = { appUrl: string; pool: pg.Pool; db: Database; rows: number };

/** Pages, search and counts of the Datanet of `rows` rows. */
export async function measureReading(context: BenchContext, place: Place): Promise<void> {
  await measurePages(context, place);
  await measureSearch(context, place);
  await measureCounts(context, place);
}

async function get(url: string, headers: Record<string, string> = {}): Promise<void> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function measurePages({ emit, rounds }: BenchContext, { appUrl, rows }: Place): Promise<void> {
  const api = `${appUrl}/api/v1/datanets/${scaleDatanet.slug}/rows?limit=100`;
  const deep = `${api}&after=ex_${String(Math.floor(rows * 0.9) - 1).padStart(26, '0')}`;
  const [first, last] = await timeInTurn(
    [0],
    rounds * 6,
    () => get(api),
    () => get(deep),
  );
  emit({ case: 'first 100 rows, HTTP p50', value: first.p50, unit: 'ms' });
  const peer = { name: 'the first 100 rows', value: first.p50 };
  emit({ case: 'page at depth 90 %, HTTP p50', value: last.p50, unit: 'ms', peer, target: { atMost: 1.5 } });
  const viewer = (offset: number) =>
    `${appUrl}/api/v1/viewer/rows?dataset=${scaleDatanet.slug}&offset=${offset}&length=100`;
  const [start, end] = await timeInTurn(
    [0],
    rounds * 6,
    () => get(viewer(0)),
    () => get(viewer(Math.floor(rows * 0.9))),
  );
  const viewerPeer = { name: 'offset 0', value: start.p50 };
  emit({
    case: 'viewer API at offset 90 %, HTTP p50',
    value: end.p50,
    unit: 'ms',
    peer: viewerPeer,
    target: { atMost: 1.5 },
  });
  const pageUrl = `${appUrl}/datanets/${scaleDatanet.slug}`;
  // A session that nobody has: who might be signed in is sent no page of the visitors' cache.
  const [page, kept] = await timeInTurn(
    [0],
    rounds * 2,
    () => get(pageUrl, { cookie: 'openledger=none' }),
    () => get(pageUrl),
  );
  emit({ case: 'the same page for a visitor, within its 3 s in the cache, p50', value: kept.p50, unit: 'ms' });
  emit({
    case: 'page with its first 100 rows, whole HTML, p50',
    value: page.p50,
    unit: 'ms',
    target: { atMost: 1_000 },
  });
}

/** The raw query is what one would write by hand, the faster of two ways for each word; rendering is what a page without words costs. */
async function measureSearch({ emit, rounds, log }: BenchContext, { appUrl, pool }: Place): Promise<void> {
  const plain = `select e.id, e.contributor, e.status, e.data, e.created_at from examples e where ${anyOne}`;
  const found = `${anyOne} and e.search @@ to_tsquery('simple', $1)`;
  const lookedUp = `with hits as materialized (select e.id from examples e where ${found}),
    page as materialized (select id from hits order by id limit 101)
    select e.id, e.contributor, e.status, e.data, e.created_at from page join examples e on e.id = page.id order by e.id`;
  const walked = `select e.id, e.contributor, e.status, e.data, e.created_at from examples e where ${found} order by e.id limit 101`;
  const faster = new Map<string, string>();
  for (const word of words) {
    const ask = (sql: string) => timeAll([0], 1, () => pool.query(sql, [textQuery(word)]));
    const [a, b] = [await ask(lookedUp), await ask(walked)];
    faster.set(word, a.p50 < b.p50 ? lookedUp : walked);
    log(`${word}: looked up ${a.p50.toFixed(1)} ms, walked ${b.p50.toFixed(1)} ms`);
  }
  const api = `${appUrl}/api/v1/datanets/${scaleDatanet.slug}/rows?limit=100`;
  const [raw, http, rawPage, page] = await timeInTurn(
    words,
    rounds * 3,
    (word) => pool.query(faster.get(word)!, [textQuery(word)]),
    (word) => get(`${api}&q=${encodeURIComponent(word)}`),
    () => pool.query(`${plain} order by e.id limit 101`),
    () => get(api),
  );
  const render = Math.max(0, page.p50 - rawPage.p50);
  emit({ case: 'render: a page without words, HTTP less its query', value: render, unit: 'ms' });
  const limit = { name: '1.5 x raw query + render', value: 1.5 * raw.p50 + render };
  emit({ case: 'search p50, HTTP', value: http.p50, unit: 'ms', peer: limit, target: { atMost: 1 } });
  emit({ case: 'search p50, raw query', value: raw.p50, unit: 'ms' });
  emit({ case: 'search p99, HTTP', value: http.p99, unit: 'ms', target: { atMost: 250 } });
  emit({ case: 'search p99, raw query', value: raw.p99, unit: 'ms' });
}

async function measureCounts({ emit, rounds }: BenchContext, { db, pool }: Place): Promise<void> {
  const kept = await timeAll([0], rounds * 3, () => getDatanet(db, scaleDatanet.slug));
  const counting = `select count(*), count(distinct e.contributor) from examples e where ${anyOne}`;
  const counted = await timeAll([0], rounds, () => pool.query(counting));
  const peer = { name: 'count(*) and count(distinct contributor)', value: counted.p50 };
  emit({ case: 'a Datanet with its kept counts, p50', value: kept.p50, unit: 'ms', peer, target: { atMost: 0.1 } });
  const { rows } = await pool.query<{ kept: string; counted: string }>(
    `select (select sum(rows) from example_counts where datanet_id = $1 and status = 'accepted') as kept,
      (select count(*) from examples e where ${anyOne}) as counted`,
    [scaleDatanet.id],
  );
  const difference = Number(rows[0]!.kept) - Number(rows[0]!.counted);
  emit({ case: 'kept counts less counted rows', value: difference, unit: 'rows', target: { atMost: 0 } });
}
