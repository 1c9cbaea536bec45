import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Database } from '#db/client.ts';
import { devnetActor } from '#db/seed/devnet-accounts.ts';
import { pieceBytes } from '#lib/contributions/limits.ts';
import { judgeRows } from '#lib/contributions/parse/judge-rows.ts';
import { applyMapping, guessMapping } from '#lib/contributions/parse/map-columns.ts';
import { parseJsonl } from '#lib/contributions/parse/parse-jsonl.ts';
import { readUpload } from '#lib/contributions/uploads/read-upload.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import type { BenchContext } from '../main.ts';
import { median } from '../measure.ts';
import { scaleDatanet } from './million-rows.ts';

const rowsOfRound = 5_000;
const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 4000 }));

type Place = { appUrl: string; pool: pg.Pool; db: Database; objects: string };
type Seconds = { whole: number; send: number; parse: number; judge: number; insert: number };

/**
 * Rows a second of a file that comes by HTTP in pieces and is read as the worker reads it, against the sum of its stages done bare:
 * splitting lines and JSON, judging (schema, canonical text, SHA-256, personal data), and the insert into the same tables and indexes.
 */
export async function measureIngest({ emit, rounds }: BenchContext, place: Place): Promise<void> {
  const deps = { db: place.db, store: fileObjectStore(place.objects), now: () => new Date(), randomBytes };
  const { key } = await createApiKey(deps, devnetActor(3), { name: `bench ${Date.now()}`, budgetWei: 10n ** 18n });
  const seconds: Seconds[] = [];
  for (let round = 0; round <= rounds; round++) {
    const { send, read } = await ingest(place, deps, key, fileOf(round, 'file'));
    const stages = await bareStages(place.pool, fileOf(round, 'bare'));
    if (round > 0) seconds.push({ whole: send + read, send, ...stages });
  }
  const rate = (of: (one: Seconds) => number) => rowsOfRound / median(seconds.map(of));
  const floors = rate(({ parse, judge, insert }) => parse + judge + insert);
  const peer = { name: 'the sum of its stages', value: floors };
  emit({
    case: 'ingest by HTTP, sent and read',
    value: rate((s) => s.whole),
    unit: 'rows/s',
    peer,
    target: { atLeast: 0.6 },
  });
  for (const stage of ['send', 'parse', 'judge', 'insert'] as const) {
    emit({ case: `stage: ${stage}`, value: rate((s) => s[stage]), unit: 'rows/s' });
  }
}

/** A word of letters alone: figures count little when rows are compared. */
const wordOf = (n: number): string => n.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)]!);

/** Rows that nobody has sent yet, of some 300 bytes. */
function fileOf(round: number, kind: string): string {
  const salt = `${kind}${Date.now().toString(36)}x${round}`;
  const line = (i: number) => {
    const words = Array.from({ length: 48 }, (_, k) =>
      wordOf(Math.floor((((i + 1) * (k + 7) * 7919) % 99991) ** 0.85)),
    );
    const [prompt, completion] = [`${salt} ${i} ${words.slice(0, 8).join(' ')}`, words.slice(8).join(' ')];
    return `${JSON.stringify({ prompt, completion })}\n`;
  };
  return Array.from({ length: rowsOfRound }, (_, i) => line(i)).join('');
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

async function bareStages(pool: pg.Pool, text: string): Promise<Pick<Seconds, 'parse' | 'judge' | 'insert'>> {
  const start = performance.now();
  const parsed = parseJsonl(text);
  const parsedAt = performance.now();
  const rows = applyMapping(parsed, guessMapping(fields, parsed.columns));
  const verdicts = judgeRows(fields, rows, new Map());
  const judgedAt = performance.now();
  const salt = randomBytes(6).toString('hex');
  for (let at = 0; at < rows.length; at += 1000) {
    const batch = rows.slice(at, at + 1000).map(({ data }, i) => {
      const verdict = verdicts[at + i]!;
      return { id: `ex_${salt}${at + i}`, data, hash: verdict.kind === 'new' ? verdict.contentHash : '' };
    });
    await pool.query(insertSql, [scaleDatanet.id, `0x${'3'.repeat(40)}`, JSON.stringify(batch)]);
  }
  const seconds = (from: number, to: number) => (to - from) / 1000;
  return {
    parse: seconds(start, parsedAt),
    judge: seconds(parsedAt, judgedAt),
    insert: seconds(judgedAt, performance.now()),
  };
}

const insertSql = `
  insert into examples (id, datanet_id, contribution_id, contributor, data, content_hash, status, created_at)
  select r.id, $1, 'ctr_0', $2, r.data, r.hash, 'pending', now() from json_to_recordset($3::json) as r(id text, hash text, data jsonb)`;
