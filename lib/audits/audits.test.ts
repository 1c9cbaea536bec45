import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterAudits, adapterCertificates } from '#db/schema/audits.ts';
import { adapters, inferences, models } from '#db/schema/models.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
  tinyRecipe,
} from '#lib/model-factory/test-support/factory-fixture.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import type { Actor } from '#lib/platform/deps.ts';
import type { Env } from '#lib/platform/env.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { auditEngine } from '#worker/jobs/audit-adapter.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { type LeasedAudit, takeAudit } from './audit-lease.ts';
import { concludeAudit } from './conclude-audit.ts';
import { findAuditToRun } from './find-audit-to-run.ts';
import { findCertificateDocument } from './find-certificate-document.ts';
import { getAuditReport } from './get-audit-report.ts';
import { getCertificateFile } from './get-certificate-file.ts';
import { findCertificate } from './queries.ts';
import { requestAudit } from './request-audit.ts';
import { requestCertifications } from './request-certification.ts';
import { runAudit } from './run-audit.ts';
import { scheduleAudits } from './schedule-audits.ts';
import type { AuditEngine, MeasuredAttribution } from './types.ts';

const alice: Actor & { kind: 'account' } = { kind: 'account', address: `0x${'a'.repeat(40)}` };
const bob: Actor = { kind: 'account', address: `0x${'b'.repeat(40)}` };
const dayMs = 86_400_000;
const recipe = { ...tinyRecipe, learningRate: 0.005, epochs: 1 };

let database: TestDatabase;
let deps: Factory;
let adapterId: string;
let settings: Env;

beforeAll(async () => {
  database = await createTestDatabase();
  const factory = await createFactory(database.db);
  const budgets = { AUDIT_CPU_SECONDS: 60, AUDIT_CPU_SECONDS_PER_DAY: 300 };
  const place = { OBJECT_STORE_DIR: join(factory.folder, 'objects'), ADAPTER_DISK_MB: 100, SERVE_FLEETS: {} };
  settings = { ...factory.env, ...budgets, ...place };
  deps = { ...factory, env: settings };
  await insertVersion(deps, { key: 'red', owner: alice.address, rowCount: 44 });
  const { runId } = await startTrainingRun(deps, alice, runInput('dv_red', { recipe }));
  const training = { runId, workRoot: join(deps.folder, 'work'), signal: new AbortController().signal };
  expect(await trainRun(deps, trainingEngine({ ENGINE_THREADS: 1 }), training)).toBe('succeeded');
  const [adapter] = await database.db.select().from(adapters);
  adapterId = adapter!.id;
}, 60_000);
afterAll(async () => {
  await database.close();
  deps.remove();
});

const run = (auditId: string, of = auditEngine(deps), signal = new AbortController().signal) =>
  runAudit(deps, of, { auditId, signal });
const auditOf = async (id: string) =>
  (await database.db.select().from(adapterAudits).where(eq(adapterAudits.id, id)))[0]!;

describe('certification', () => {
  it('is queued once for every adapter, and waits for its turn', async () => {
    expect(await findCertificate(deps.db, adapterId)).toEqual({ status: 'pending', alphaPpm: 0, sha256: null });
    await requestCertifications(deps);
    await requestCertifications(deps);
    expect(await database.db.$count(adapterAudits)).toBe(1);
    const next = await findAuditToRun(deps);
    expect(next).toMatchObject({ kind: 'certification' });
    expect(await findAuditToRun({ ...deps, env: { ...settings, AUDIT_CPU_SECONDS: 0 } })).toBeNull();
    expect(await findAuditToRun({ ...deps, env: { ...settings, AUDIT_CPU_SECONDS_PER_DAY: 0 } })).toBeNull();
  });

  it('goes on where a stopped worker left it, and ends with a document that anybody can check', async () => {
    const { id } = (await findAuditToRun(deps))!;
    await database.db.update(adapterAudits).set({ subsets: 6 }); // as an attempt before had planned
    const stop = new AbortController();
    const stopping: AuditEngine = (input, onEvent) =>
      auditEngine(deps)(input, async (event) => {
        await onEvent(event);
        if (event.type === 'trained' && event.done === 3) stop.abort();
      });
    expect(await run(id, stopping, stop.signal)).toBe('given-back');
    const left = await auditOf(id);
    expect(left).toMatchObject({ status: 'queued', leaseOwner: null });
    expect(Object.keys(left.effects).length).toBeGreaterThanOrEqual(3);
    expect(left.total).toBe(left.subsets + 2);
    const trained: number[] = [];
    const counting: AuditEngine = (input, onEvent) =>
      auditEngine(deps)(input, async (event) => {
        if (event.type === 'trained') trained.push(event.done);
        await onEvent(event);
      });
    expect(await run(id, counting)).toBe('ended');
    expect(trained[0]).toBe(Object.keys(left.effects).length + 1);
    expect(await run(id)).toBe('skipped');
    const audit = await auditOf(id);
    expect(audit.cpuMs).toBeGreaterThan(left.cpuMs);
    const hash = audit.documentSha256 as `0x${string}`;
    const { key } = await getCertificateFile(deps.db, adapterId);
    const bytes = await deps.store.get(key);
    expect(sha256(bytes)).toBe(hash);
    const document = (await findCertificateDocument(deps.store, hash))!;
    expect(canonicalJson(JSON.parse(Buffer.from(bytes).toString()))).toBe(Buffer.from(bytes).toString());
    expect(document.halves).toHaveLength(audit.subsets);
    const { status, alphaPpm } = await findCertificate(deps.db, adapterId);
    expect(status).toBe(document.result!.passed ? 'certified' : 'refused');
    expect(alphaPpm).toBe(document.alphaPpm);
    expect(JSON.stringify(document)).not.toMatch(/said the old man|0x0{39}1/); // no words, no owners
    await expect(getCertificateFile(deps.db, adapterId, `0x${'1'.repeat(64)}`)).rejects.toMatchObject({
      code: 'certificate_not_found',
    });
    expect(await getAuditReport(deps, adapterId)).toMatchObject({
      measured: { halves: audit.subsets, retrainings: audit.subsets + 2 },
      history: [{ id, kind: 'certification', done: audit.subsets + 2 }],
      day: { budgetSeconds: 300 },
    });
  }, 60_000);

  it('is given up after some attempts, and the page says why', async () => {
    const id = 'aud_broken';
    deps.clock.ms += 1_000;
    await database.db.insert(adapterAudits).values(auditRow(id));
    const failing: AuditEngine = async () => {
      throw Object.assign(new Error('The disk is full.'), { code: 'disk_full' });
    };
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect(await run(id, failing)).toBe('given-back');
      expect(await run(id, failing)).toBe('skipped'); // it waits before the next attempt
      deps.clock.ms += 600_000;
    }
    expect(await auditOf(id)).toMatchObject({ status: 'broken', error: 'The disk is full.', attempts: 5 });
    expect((await getAuditReport(deps, adapterId)).history[0]).toMatchObject({ error: 'The disk is full.' });
  });
});

function auditRow(id: string, change: Partial<LeasedAudit> = {}) {
  return {
    ...{ id, adapterId, kind: 'audit' as const, trigger: 'schedule' as const, status: 'queued' as const },
    ...{ cpuBudgetMs: 60_000, createdAt: deps.now(), ...change },
  };
}

/** What a measurement with this lower bound looks like. */
function measured(lower: number, change: Partial<MeasuredAttribution> = {}): MeasuredAttribution {
  const answers = Array.from({ length: 20 }, (_, i) => ({
    ...{ id: `ex_${i}`, isTrained: i >= 10, promptTokens: 4, completionTokens: 5, tokensSha256: 'f'.repeat(64) },
    ...{ baseMicronats: -9e6, tunedMicronats: -4e6, rowGainMicronats: 5e6, cutScore: 10n },
    rows: [{ exampleId: `ex_${i % 3}`, score: 40n }],
  }));
  const half = { predicted: answers.map((_, i) => i), measured: answers.map((_, i) => i) };
  return {
    ...{ method: 'm/1', rows: 40, answers, halves: [half], withoutRow: [] },
    smoothness: { direction: [half.predicted, half.measured], value: 0.99 },
    score: { score: lower + 0.05, lower, upper: lower + 0.1, perAnswer: answers.map(() => lower) },
    ...change,
  };
}

describe('a certificate', () => {
  let number = 0;
  const conclude = async (kind: 'certification' | 'audit', outcome: Parameters<typeof concludeAudit>[3]) => {
    const id = `aud_${++number}`;
    await database.db.insert(adapterAudits).values(auditRow(id, { kind }));
    const audit = (await takeAudit(deps, id, 'worker'))!;
    await concludeAudit(deps, audit, 'worker', outcome);
    return auditOf(id);
  };
  beforeAll(async () => {
    await database.db.delete(adapterAudits);
    await database.db.delete(adapterCertificates);
  });

  it('refuses what is not smooth, not learnt or not predicted, and names each', async () => {
    const wild = measured(0.2, {
      smoothness: { direction: [[], []], value: 0.94 },
      answers: measured(0.2).answers.map((answer, i) => ({ ...answer, rowGainMicronats: i < 15 ? 1 : -1 })),
    });
    const { reasons, status } = await conclude('certification', { measured: wild });
    expect({ reasons, status }).toEqual({ reasons: ['not_smooth', 'not_learnt', 'not_predicted'], status: 'failed' });
    expect(await findCertificate(deps.db, adapterId)).toMatchObject({ status: 'refused', alphaPpm: 0 });
    await database.db.delete(adapterAudits);
  });

  it('pays by its bound, which audits lower, suspend and give back, and never raise', async () => {
    const alpha = async () => {
      const { status, alphaPpm, sha256: hash } = await findCertificate(deps.db, adapterId);
      const document = await findCertificateDocument(deps.store, hash!);
      expect(document!.alphaPpm).toBe(alphaPpm);
      return `${status} ${alphaPpm}`;
    };
    await conclude('certification', { measured: measured(0.6) });
    expect(await alpha()).toBe('certified 600000');
    await conclude('audit', { measured: measured(0.7, { smoothness: null }) });
    expect(await alpha()).toBe('certified 600000');
    await conclude('audit', { measured: measured(0.4, { smoothness: null }) });
    expect(await alpha()).toBe('certified 400000');
    await conclude('audit', { measured: measured(0.29, { smoothness: null }) });
    expect(await alpha()).toBe('suspended 0');
    expect((await conclude('audit', { refused: 'diverged' })).status).toBe('broken');
    expect(await alpha()).toBe('suspended 0');
    await conclude('audit', { measured: measured(0.5, { smoothness: null }) });
    expect(await alpha()).toBe('certified 500000');
  });

  it('is not moved by a worker that lost its lease', async () => {
    await database.db.insert(adapterAudits).values(auditRow('aud_lost'));
    const audit = (await takeAudit(deps, 'aud_lost', 'first'))!;
    deps.clock.ms += 20_000;
    expect(await takeAudit(deps, 'aud_lost', 'second')).not.toBeNull();
    await concludeAudit(deps, audit, 'first', { measured: measured(0.1) });
    expect(await findCertificate(deps.db, adapterId)).toMatchObject({ status: 'certified' });
    await concludeAudit(deps, audit, 'second', { measured: measured(0.55) });
    expect(await findCertificate(deps.db, adapterId)).toMatchObject({ alphaPpm: 550_000 });
  });
});

describe('audits', () => {
  it('end when their process dies each time', async () => {
    await database.db.insert(adapterAudits).values(auditRow('aud_killed'));
    const dying: AuditEngine = () => new Promise(() => {});
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(await takeAudit(deps, 'aud_killed', `worker ${attempt}`)).not.toBeNull();
      deps.clock.ms += 20_000; // its lease runs out
    }
    expect(await run('aud_killed', dying)).toBe('given-back');
    expect(await auditOf('aud_killed')).toMatchObject({ status: 'broken', error: expect.stringContaining('again') });
  });

  it('can be asked for by the owner alone, once a day', async () => {
    const ask = (actor: Actor) => requestAudit(deps, actor, { adapterId });
    await expect(ask({ kind: 'visitor' })).rejects.toMatchObject({ code: 'not_signed_in' });
    await expect(ask(bob)).rejects.toMatchObject({ code: 'audit_forbidden' });
    await ask(alice);
    const { id } = (await findAuditToRun(deps))!;
    expect(await auditOf(id)).toMatchObject({ trigger: 'owner', requestedBy: alice.address, kind: 'audit' });
    const audit = (await takeAudit(deps, id, 'w'))!;
    await expect(ask(alice)).rejects.toMatchObject({ code: 'audit_too_early' });
    deps.clock.ms += dayMs;
    await expect(ask(alice)).rejects.toMatchObject({ code: 'audit_not_possible' });
    await takeAudit(deps, id, 'w');
    await concludeAudit(deps, audit, 'w', { measured: measured(0.1) });
    expect(await findCertificate(deps.db, adapterId)).toMatchObject({ status: 'suspended' });
    await ask(alice); // the way out of a suspension
    await database.db.delete(adapterAudits).where(eq(adapterAudits.status, 'queued'));
    await database.db.update(adapterCertificates).set({ status: 'refused' });
    await expect(ask(alice)).rejects.toMatchObject({ code: 'audit_not_possible' });
    await database.db.update(adapterCertificates).set({ status: 'certified' });
  });

  it('come by themselves when enough answers were paid since the last, within the budget of the day', async () => {
    const queued = async () => {
      await scheduleAudits(deps);
      return database.db.$count(adapterAudits, eq(adapterAudits.status, 'queued'));
    };
    deps.clock.ms += dayMs + 1;
    expect(await queued()).toBe(0);
    await insertPaidAnswers(15);
    expect(await queued()).toBe(0);
    await insertPaidAnswers(16);
    await database.db.update(adapterAudits).set({ cpuMs: 400_000, startedAt: deps.now() });
    expect(await queued()).toBe(0); // the budget is spent
    await database.db.update(adapterAudits).set({ cpuMs: 0 });
    expect(await queued()).toBe(1);
    expect(await queued()).toBe(1);
    const seen: string[] = [];
    const asking: AuditEngine = async ({ answers, seed }) => {
      seen.push(...answers!.map(({ id }) => id), seed);
    };
    const { id } = (await findAuditToRun(deps))!;
    await run(id, asking);
    expect(seen.slice(0, -1).sort()).toEqual(Array.from({ length: 16 }, (_, i) => `inf_${String(i).padStart(2, '0')}`));
    expect(seen.at(-1)).toContain(id); // halves of its own
  });
});

/** The first `count` paid answers of the adapter's model. */
async function insertPaidAnswers(count: number): Promise<void> {
  const [adapter] = await database.db.select().from(adapters);
  const price = { inputWeiPerToken: 1n, outputWeiPerToken: 1n };
  const split = { data: 6000, model: 2000, app: 500, infra: 1000, validators: 500 };
  const model = {
    id: 'mdl_1',
    slug: 'm',
    name: 'm',
    summary: 's',
    owner: alice.address,
    adapterId,
    versionId: 'dv_red',
  };
  await database.db
    .insert(models)
    .values({ ...model, ...price, split, versionHash: adapter!.sha256, createdAt: deps.now() })
    .onConflictDoNothing();
  const answers = Array.from({ length: count }, (_, i) => ({
    ...{
      id: `inf_${String(i).padStart(2, '0')}`,
      modelId: 'mdl_1',
      payer: bob.kind === 'account' ? bob.address : null,
    },
    ...{ idempotencyKey: `${i}`, callerKey: 'c', status: 'completed' as const, messages: [], params: {}, output: 'o' },
    ...{ promptIds: [5, 6], completionIds: [7], ceilingWei: 9n, feeWei: 9n, salt: adapter!.sha256 },
    ...{ attributionStatus: 'done' as const, heartbeatAt: deps.now(), createdAt: deps.now(), completedAt: deps.now() },
  }));
  await database.db.insert(inferences).values(answers).onConflictDoNothing();
}
