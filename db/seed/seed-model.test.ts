import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createPublicClient, http } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingRuns } from '#db/schema/models.ts';
import { evaluateAdapter } from '#lib/evaluation/evaluate-adapter.ts';
import { requestMissingEvaluations } from '#lib/evaluation/request-evaluation.ts';
import { getModel } from '#lib/model-factory/model-queries.ts';
import { createFactory, type Factory, tinyBase } from '#lib/model-factory/test-support/factory-fixture.ts';
import { trainRun } from '#lib/model-factory/train-run.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { trainingEngine } from '#worker/jobs/engine.ts';
import { evaluationEngine } from '#worker/jobs/evaluate-adapter.ts';
import { ensureSampleModel, type SeedModelDeps, seedModel } from './seed-model.ts';
import { seedSamples } from './seed-samples.ts';

let database: TestDatabase;
let chain: TestChain;
let factory: Factory;
let deps: SeedModelDeps;

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain()]);
  factory = await createFactory(database.db);
  const models = join(factory.folder, 'models');
  // The tiny base stands in the shipped one's place: the same trainer, a hundredth of the time.
  cpSync(join(models, tinyBase), join(models, 'openledger-nano'), { recursive: true });
  deps = {
    ...factory,
    env: { ...factory.env, CHAIN_ID: chain.chainId, RPC_URL: chain.url },
    chain: createPublicClient({ chain: devnet, transport: http(chain.url), pollingInterval: 50, cacheTime: 0 }),
    deployment: chain.deployment,
  };
});
afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
  factory.remove();
});

describe('ensureSampleModel', () => {
  it('does nothing where the keys of its people are not worthless, or without sample data', async () => {
    expect(await ensureSampleModel({ ...deps, env: { ...deps.env, CHAIN_ID: 1612 } })).toBe('not-here');
    expect(await ensureSampleModel(deps)).toBe('not-here');
  });

  it('goes step by step to one live model, however often it is asked', async () => {
    await seedSamples({ ...deps }, { onStep: () => {} });
    const states = await Promise.all([ensureSampleModel(deps), ensureSampleModel(deps)]);
    expect(states).toEqual(['training', 'training']);
    const runs = await database.db.select().from(trainingRuns);
    expect(runs).toMatchObject([{ preset: 'balanced', status: 'queued' }]);
    const input = { runId: runs[0]!.id, workRoot: join(factory.folder, 'work'), signal: new AbortController().signal };
    expect(await trainRun(factory, trainingEngine({ ENGINE_THREADS: 1 }), input)).toBe('succeeded');

    // Measured on its sealed rows it is published, and not before.
    expect(await ensureSampleModel(deps)).toBe('training');
    Object.assign(factory.env, { ENGINE_THREADS: 1, SERVE_FLEETS: {}, ADAPTER_DISK_MB: 100 });
    factory.env.OBJECT_STORE_DIR = join(factory.folder, 'objects');
    for (const id of await requestMissingEvaluations(factory))
      await evaluateAdapter(factory, evaluationEngine(factory), id, input.signal);

    // The index of events has read nothing yet: the version counts as not anchored, and nothing is sent.
    expect(await ensureSampleModel(deps)).toBe('waiting-for-chain');
    await indexToHead(deps);
    const two = await Promise.all([ensureSampleModel(deps), ensureSampleModel(deps)]);
    expect(two).toEqual(['waiting-for-chain', 'waiting-for-chain']);
    expect(await ensureSampleModel(deps)).toBe('waiting-for-chain'); // sent, not indexed: not sent again
    await indexToHead(deps);
    const said: string[] = [];
    expect(await seedModel(deps, { onStep: (text) => said.push(text) })).toBe('live');
    expect(said).toEqual(['the sample model is live']);
    const model = await getModel(database.db, 'threat-answers', chain.deployment.config);
    expect(model).toMatchObject({ live: true, onChain: { registryId: '1', number: 1, termsMatch: true } });
  }, 120_000);
});
