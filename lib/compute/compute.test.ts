import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeJobs } from '#db/schema/compute.ts';
import { examples, versionExamples } from '#db/schema/datanets.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { setAccessTier } from '../access/set-access-tier.ts';
import {
  addModel,
  addRows,
  ask,
  letIn,
  makeDatanet,
  member,
  owner,
  type PrivateDeps,
  privateDeps,
  stranger,
  type Who,
} from '../access/test-support/private-world.ts';
import { checkAdapter } from './check-adapter.ts';
import { claimComputeJob, leaseSeconds } from './claim-compute-job.ts';
import { decideRecipe } from './decide-recipe.ts';
import { failComputeJob, finishComputeJob } from './finish-compute-job.ts';
import { getComputeRows } from './get-compute-rows.ts';
import { getComputeAdapter, listComputeJobs } from './list-compute-jobs.ts';
import { mayTellLosses } from './may-tell-losses.ts';
import { requestCompute } from './request-compute.ts';
import { requestComputeSchema } from './schema.ts';

const recipe = recipePresets.quick;
const clock = { ms: Date.UTC(2026, 0, 1) };
let database: TestDatabase;
let deps: PrivateDeps & Pick<Deps, 'store'>;
let folder = '';
let datanetId = '';
/** Two rows of each of 40 people, who are no accounts: row `i` is of person `i % 40`. */
let rowIds: string[] = [];
const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 'done').catch((error) => String(error.code ?? error));

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'openledger-compute-'));
  deps = { ...privateDeps(database, clock), store: fileObjectStore(folder) };
  datanetId = await makeDatanet(deps, 'computed-clauses');
  const { ids, contributionId } = await addRows(deps, datanetId, ['A secret clause.', 'Another one.']);
  await addModel(deps, datanetId, ids);
  rowIds = await addPeople(contributionId);
  await deps.store.put('k', new TextEncoder().encode('{"id":"ex_1","data":{"prompt":"A secret clause."}}\n'));
  await setAccessTier(deps, owner, { datanetId, tier: 'compute' });
  const requestId = await ask(deps, member, datanetId);
  await letIn(deps, owner, { datanetId, requestId, grantee: member, days: 30 });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

async function addPeople(contributionId: string): Promise<string[]> {
  const rows = Array.from({ length: 80 }, (_, i) => ({
    ...{ id: `ex_p${i}`, datanetId, contributionId, contributor: personOf(i), status: 'accepted' as const },
    ...{ data: {}, contentHash: `0x${String(i).padStart(64, '0')}`, createdAt: deps.now() },
  }));
  await deps.db.insert(examples).values(rows);
  const ids = rows.map(({ id }) => id);
  await deps.db
    .insert(versionExamples)
    .values(ids.map((exampleId, i) => ({ versionId: 'dv_1', leafIndex: 2 + i, exampleId })));
  return ids;
}
const personOf = (i: number) => `0x${String(i % 40).padStart(40, '0')}`;

const request = (who: Who, change: object = {}) =>
  requestCompute(
    deps,
    who,
    requestComputeSchema.parse({
      ...{ datanetId, versionId: 'dv_1', baseModel: 'openledger-nano', recipe, purpose: 'To answer questions.' },
      ...{ idempotencyKey: crypto.randomUUID(), ...change },
    }),
  );
const claim = (who: Who) => claimComputeJob(deps, who, { datanet: datanetId });

/** A safetensors file of matrices; `change` edits its header, `tail` follows its bytes. */
function safetensors(change: (header: Record<string, unknown>) => void = () => {}, tail = 0): Uint8Array {
  const { r, targetModules } = recipe.lora;
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let at = 0;
  for (const [half, shape] of [
    ['A', [r, 16]],
    ['B', [16, r]],
  ] as const) {
    const name = `base_model.model.model.layers.0.self_attn.${targetModules[0]}.lora_${half}.weight`;
    header[name] = { dtype: 'F32', shape, data_offsets: [at, at + 4 * r * 16] };
    at += 4 * r * 16;
  }
  change(header);
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, Buffer.alloc(at + tail)]));
}
const result = (heldOut: string[] = rowIds.slice(0, 9)) => ({
  ...{ adapter: Buffer.from(safetensors()).toString('base64'), steps: 10, evalLoss: 1.5, baseEvalLoss: 2.5, heldOut },
});

function seeded(state: number): () => number {
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
}

/** As who looks for one person would: half of the rows, the other half, the last set with a person more or less, or chance. */
function chooseSet(random: () => number, told: readonly string[][], n: number): string[] {
  const last = told.at(-1);
  const person = Math.floor(random() * 40);
  const isTheirs = (id: string) => rowIds.indexOf(id) % 40 === person;
  if (last && random() < 0.4) return rowIds.filter((id) => last.includes(id) !== isTheirs(id));
  if (random() < 0.5) return rowIds.filter((_, i) => i % 2 === n % 2);
  return rowIds.filter(() => random() < 0.5);
}

/** The fewest people whose rows any combination of these sets is over, with factors from -2 to 2. */
function fewestPeople(sets: readonly string[][]): number {
  const members = sets.map((set) => new Set(set));
  const rows = rowIds.map((id, i) => ({ person: personOf(i), isIn: members.map((set) => (set.has(id) ? 1 : 0)) }));
  let fewest = Number.POSITIVE_INFINITY;
  for (let code = 0; code < 5 ** sets.length; code++) {
    const factors = sets.map((_, at) => (Math.floor(code / 5 ** at) % 5) - 2);
    const seen = rows.filter(({ isIn }) => factors.reduce((sum, factor, at) => sum + factor * isIn[at]!, 0) !== 0);
    if (seen.length > 0) fewest = Math.min(fewest, new Set(seen.map(({ person }) => person)).size);
  }
  return fewest;
}

describe('trainings on rows that nobody reads', () => {
  it('are asked for by members, approved by the owner, and done by the owner’s worker alone', async () => {
    expect(await codeOf(request(stranger))).toBe('rows_closed');
    const key = crypto.randomUUID();
    const { jobId, status } = await request(member, { idempotencyKey: key });
    expect(status).toBe('waiting');
    expect((await request(member, { idempotencyKey: key })).jobId).toBe(jobId);
    expect(await claim(owner)).toBeNull();
    const [job] = await listComputeJobs(deps, member, datanetId);
    const decision = { datanetId, recipeHash: job!.recipeHash, decision: 'approved' as const };
    expect(await codeOf(decideRecipe(deps, member, decision))).toBe('datanet_forbidden');
    expect(await decideRecipe(deps, owner, decision)).toMatchObject({ decided: 1 });
    // Approved is this recipe and no other one.
    expect((await request(member)).status).toBe('queued');
    expect((await request(member, { recipe: { ...recipe, epochs: recipe.epochs + 1 } })).status).toBe('waiting');

    expect(await codeOf(claim(member))).toBe('datanet_forbidden');
    const claimed = (await claim(owner))!;
    expect(claimed).toMatchObject({ id: jobId, recipe });
    const held = { id: jobId, lease: claimed.lease };
    expect(new TextDecoder().decode(await getComputeRows(deps, owner, held))).toContain('secret');
    for (const who of [member, stranger])
      expect(await codeOf(getComputeRows(deps, who, held))).toBe('datanet_forbidden');
    expect(await codeOf(getComputeRows(deps, owner, { ...held, lease: 'guessed-guessed-guessed' }))).toBe(
      'compute_lease_lost',
    );

    const { adapterSha256 } = await finishComputeJob(deps, owner, { ...held, ...result() });
    expect(await getComputeAdapter(deps, member, jobId)).toMatchObject({ hash: adapterSha256 });
    expect(await codeOf(getComputeAdapter(deps, stranger, jobId))).toBe('compute_job_not_found');
    expect(await codeOf(getComputeRows(deps, owner, held))).toBe('compute_lease_lost');
    // Rows of nine people: no loss leaves.
    const [done] = (await listComputeJobs(deps, member, datanetId)).filter(({ id }) => id === jobId);
    expect(done!.aggregates).toEqual({ rows: 2, steps: 10, evalLoss: null, baseEvalLoss: null });
    expect(await listComputeJobs(deps, stranger, datanetId)).toEqual([]);
  });

  it('go to another worker when one falls silent, and the first one writes nothing any more', async () => {
    const first = (await claim(owner))!;
    expect(await claim(owner)).toBeNull();
    clock.ms += leaseSeconds * 1000;
    const second = (await claim(owner))!;
    expect(second.id).toBe(first.id);
    const late = { id: first.id, lease: first.lease, ...result(rowIds.slice(0, 10)) };
    expect(await codeOf(finishComputeJob(deps, owner, late))).toBe('compute_lease_lost');
    const strange = { ...late, lease: second.lease, heldOut: [...late.heldOut, 'ex_of_another_version'] };
    expect(await codeOf(finishComputeJob(deps, owner, strange))).toBe('compute_result_invalid');
    await finishComputeJob(deps, owner, { ...late, lease: second.lease });
    const [job] = (await listComputeJobs(deps, owner, datanetId)).filter(({ id }) => id === first.id);
    expect(job!.aggregates).toMatchObject({ evalLoss: 1.5 });

    const third = await request(member);
    const { lease } = (await claim(owner))!;
    await failComputeJob(deps, owner, { id: third.jobId, lease, code: 'disk_full' });
    const refusal = { datanetId, recipeHash: job!.recipeHash, decision: 'refused' as const, reason: 'no more of it' };
    const queued = await request(member);
    await decideRecipe(deps, owner, refusal);
    expect(queued.status).toBe('queued');
    expect(await claim(owner)).toBeNull(); // what is not approved now is not given out
    expect(await codeOf(request(member))).toBe('compute_refused');
  });
});

describe('what may leave', () => {
  it('is no loss that says something about fewer than ten people, alone or out of several', async () => {
    await deps.db.update(computeJobs).set({ heldOut: null });
    const [job] = await deps.db.select().from(computeJobs).limit(1);
    const random = seeded(6);
    let toldBesideOthers = 0;
    for (let attack = 0; attack < 50; attack++) {
      const told: string[][] = [];
      for (let n = 0; n < 4; n++) {
        const heldOut = chooseSet(random, told, n);
        if (!(await mayTellLosses(deps.db, { datanetId, heldOut }))) continue;
        toldBesideOthers += told.length > 0 ? 1 : 0;
        told.push(heldOut);
        const id = `cj_${attack}_${n}`;
        await deps.db.insert(computeJobs).values({ ...job!, id, idempotencyKey: id, heldOut });
      }
      expect(fewestPeople(told)).toBeGreaterThanOrEqual(10);
      await deps.db.update(computeJobs).set({ heldOut: null });
    }
    expect(toldBesideOthers).toBeGreaterThan(10);
  });

  const refused = (bytes: Uint8Array) => {
    try {
      checkAdapter(bytes, recipe);
      return null;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const renamed = (name: string) =>
    safetensors((header) => {
      const [old] = Object.keys(header).filter((key) => key.endsWith('lora_B.weight'));
      header[name] = header[old!];
      delete header[old!];
    });
  const edited = (part: object) =>
    safetensors((header) => {
      const [name] = Object.keys(header).filter((key) => key.endsWith('lora_B.weight'));
      header[name!] = { ...(header[name!] as object), ...part };
    });

  it('is an adapter, and by none of ten ways anything beside it', () => {
    expect(refused(safetensors())).toBeNull();
    const smuggled = [
      safetensors((header) => Object.assign(header, { __metadata__: { format: 'pt', rows: 'A secret clause.' } })),
      safetensors(() => {}, 1),
      renamed('A secret clause.'),
      renamed('a_secret_clause.layers.0.self_attn.q_proj.lora_B.weight'),
      edited({ note: 'A secret clause.' }),
      edited({ dtype: 'U8' }),
      edited({ shape: [recipe.lora.r, 17] }),
      edited({ data_offsets: [0, 4 * recipe.lora.r * 16] }),
      new TextEncoder().encode('{"prompt":"A secret clause."}'),
      new Uint8Array(17_000_000),
    ];
    expect(smuggled.map(refused)).toEqual(smuggled.map(() => 'compute_result_invalid'));
  });
});
