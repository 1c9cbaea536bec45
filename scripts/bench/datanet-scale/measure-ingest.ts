import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Database } from '#db/client.ts';
import { devnetActor } from '#db/seed/devnet-accounts.ts';
import { lookedUpRows, pieceBytes } from '#lib/contributions/limits.ts';
import { scoreRows, sketchNewRows } from '#lib/contributions/parse/checks/score-rows.ts';
import { judgeRows } from '#lib/contributions/parse/judge-rows.ts';
import { applyMapping, guessMapping } from '#lib/contributions/parse/map-columns.ts';
import { parseJsonl } from '#lib/contributions/parse/parse-jsonl.ts';
import type { RowVerdict } from '#lib/contributions/types.ts';
import { readUpload } from '#lib/contributions/uploads/read-upload.ts';
import { bandKeys } from '#lib/kernel/near-copies/band-keys.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import type { BenchContext } from '../main.ts';
import { median } from '../measure.ts';
import { scaleDatanet } from './million-rows.ts';

const rowsOfRound = 5_000;
const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 4000 }));

type Place = { appUrl: string; pool: pg.Pool; db: Database; objects: string };
const stageNames = ['parse', 'judge', 'score', 'look-up', 'insert'] as const;
type Stages = Record<(typeof stageNames)[number], number>;
type Seconds = Stages & { whole: number; send: number };

/**
 * Rows a second of a file that comes by HTTP in pieces and is read as the worker reads it, against the sum of its stages done bare:
 * splitting lines and JSON, judging (schema, canonical text, SHA-256, personal data), scorecards with their sketches, the look-up of
 * near copies among all rows by one query a statement, and the insert of rows and scorecards into the same tables and indexes.
 */
export async function measureIngest({ emit, rounds }: BenchContext, place: Place): Promise<void> {
  const deps = { db: place.db, store: fileObjectStore(place.objects), now: () => new Date(), randomBytes };
  const { key } = await createApiKey(deps, devnetActor(3), { name: `bench ${Date.now()}`, budgetWei: 10n ** 18n });
  const seconds: Seconds[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { send, read } = await ingest(place, deps, key, fileOf());
    const stages = await bareStages(place.pool, fileOf());
    if (round > 0) seconds.push({ whole: send + read, send, ...stages });
  }
  const rate = (of: (one: Seconds) => number) => rowsOfRound / median(seconds.map(of));
  const floors = rate((one) => stageNames.reduce((sum, name) => sum + one[name], 0));
  const peer = { name: 'the sum of its stages', value: floors };
  emit({
    case: 'ingest by HTTP, sent and read',
    value: rate((s) => s.whole),
    unit: 'rows/s',
    peer,
    target: { atLeast: 0.6 },
  });
  for (const stage of ['send', ...stageNames] as const) {
    emit({ case: `stage: ${stage}`, value: rate((s) => s[stage]), unit: 'rows/s' });
  }
}

/** A word of letters alone: figures count little when rows are compared. */
const wordOf = (n: number): string => n.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);

/** Rows of some 300 bytes that nobody has sent, nor any like them: those of earlier rounds and runs stay in the database. */
function fileOf(): string {
  const word = () => wordOf(Math.floor(Math.random() ** 2 * 20_000));
  const line = () => {
    const words = Array.from({ length: 48 }, word);
    return `${JSON.stringify({ prompt: words.slice(0, 8).join(' '), completion: words.slice(8).join(' ') })}\n`;
  };
  return Array.from({ length: rowsOfRound }, line).join('');
}

type Deps = Parameters<typeof readUpload>[0];

async function ingest(
  { appUrl }: Place,
  deps: Deps,
  key: string,
  text: string,
): Promise<{ send: number; read: number }> {
  const bytes = new TextEncoder().encode(text);
  const call = async (path: string, body: BodyInit, type: string): Promise<{ id: string; status: string }> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': type };
    const answer = await fetch(`${appUrl}/api/v1${path}`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { id: string; status: string };
  };
  const started = performance.now();
  const file = {
    file_name: 'bench.jsonl',
    size_bytes: bytes.length,
    idempotency_key: `bench-${randomBytes(8).toString('hex')}`,
  };
  const { id } = await call(`/datanets/${scaleDatanet.slug}/uploads`, JSON.stringify(file), 'application/json');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    await call(`/uploads/${id}/pieces/${at}`, bytes.slice(at, at + pieceBytes), 'application/octet-stream');
  }
  const sent = performance.now();
  await readUpload(deps, id);
  return { send: (sent - started) / 1000, read: (performance.now() - sent) / 1000 };
}

async function bareStages(pool: pg.Pool, text: string): Promise<Stages> {
  const clock = [performance.now()];
  const parsed = parseJsonl(text);
  clock.push(performance.now());
  const rows = applyMapping(parsed, guessMapping(fields, parsed.columns));
  const verdicts = judgeRows(fields, rows, new Map());
  clock.push(performance.now());
  const datanet = { id: scaleDatanet.id, fields, language: 'en' };
  const sketches = sketchNewRows(datanet, rows, verdicts);
  const scored = scoreRows(
    datanet,
    rows,
    verdicts,
    sketches,
    sketches.map(() => null),
  );
  clock.push(performance.now());
  await lookUpBare(
    pool,
    sketches.map(({ bands }) => bandKeys(bands, scaleDatanet.id)),
  );
  clock.push(performance.now());
  await insertBare(pool, rows, scored);
  clock.push(performance.now());
  const seconds = stageNames.map((name, i) => [name, (clock[i + 1]! - clock[i]!) / 1000]);
  return Object.fromEntries(seconds) as Stages;
}

/** By the index, as the product asks; left to itself, the planner reads the whole table. */
async function lookUpBare(pool: pg.Pool, keys: readonly number[][]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set enable_seqscan = off');
    for (let at = 0; at < keys.length; at += lookedUpRows) {
      const asked = keys.slice(at, at + lookedUpRows).flat();
      await client.query('select example_id, bands from row_checks where bands && $1::int[]', [asked]);
    }
    await client.query('reset enable_seqscan');
  } finally {
    client.release();
  }
}

async function insertBare(
  pool: pg.Pool,
  rows: readonly { data: Record<string, string> }[],
  verdicts: readonly RowVerdict[],
): Promise<void> {
  const salt = randomBytes(6).toString('hex');
  for (let at = 0; at < rows.length; at += 1000) {
    const batch = rows.slice(at, at + 1000).flatMap(({ data }, i) => {
      const verdict = verdicts[at + i]!;
      if (verdict.kind !== 'new') return [];
      const { contentHash: hash, card, bands } = verdict;
      return [{ id: `ex_${salt}${at + i}`, data, hash, score: card?.score, reasons: card?.reasons, bands }];
    });
    await pool.query(rowsSql, [scaleDatanet.id, `0x${'3'.repeat(40)}`, JSON.stringify(batch)]);
    await pool.query(checksSql, [scaleDatanet.id, JSON.stringify(batch)]);
  }
}

const rowsSql = `
  insert into examples (id, datanet_id, contribution_id, contributor, data, content_hash, status, created_at)
  select r.id, $1, 'ctr_0', $2, r.data, r.hash, 'pending', now() from json_to_recordset($3::json) as r(id text, hash text, data jsonb)`;
const checksSql = `
  insert into row_checks (example_id, datanet_id, score, held, reasons, bands)
  select r.id, $1, r.score, false, r.reasons, r.bands
  from json_to_recordset($2::json) as r(id text, score smallint, reasons jsonb, bands int[])`;
