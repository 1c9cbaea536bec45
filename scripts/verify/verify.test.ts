import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import { firstDifference } from '#lib/kernel/verification/step-outcome.ts';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { readDeployment } from '#lib/platform/deployment.ts';
import { type Draft, writeDraft } from '#scripts/bench/repro/draft.ts';
import { forgeries } from '#scripts/bench/repro/forgeries.ts';
import { gateway, makeReproWorld, type ReproWorld } from '#scripts/bench/repro/make-repro-world.ts';
import { parseOptions } from './options.ts';
import { openRecomputationPool } from './recomputation-pool.ts';
import { verifyTarget } from './verify-target.ts';

const [subjects, answers] = [
  ['cat', 'dog', 'house', 'river', 'north', 'man'],
  ['the mat', 'a red house', 'blue', 'an old man'],
];
const examples = subjects.flatMap((subject, i) =>
  answers.map((_, k): ChatExample => {
    const said = `it is ${answers[(i + k) % answers.length]}.`;
    const asked = `${['what', 'where', 'how', 'who'][k]} is the ${subject}?`;
    return {
      id: `ex_${subject}_${k}`,
      messages: [
        { role: 'user', content: asked },
        { role: 'assistant', content: said },
      ],
    };
  }),
);
const preset = recipePresets.quick;
const recipe = { ...preset, lora: { ...preset.lora, r: 4, loraAlpha: 8 }, learningRate: 5e-3, epochs: 20 };

let root = '';
let world: ReproWorld;
const engines = openRecomputationPool();

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'verify-'));
  const modelDir = await createTinyModel(join(root, 'model'));
  const adapterDir = join(root, 'adapter');
  const input = { modelDir, outDir: adapterDir, train: examples, evaluation: examples.slice(0, 1), datasetRoot: '0x' };
  const quiet = { evalEverySteps: 0, checkpointEverySteps: 0 };
  for await (const _ of runAdapterTraining({ ...input, recipe: { ...recipe, ...quiet }, threads: 1 }, () => false));
  world = await makeReproWorld(root, { modelDir, adapterDir }, examples);
}, 60_000);
afterAll(async () => {
  await engines.close();
  await world?.period.chain.stop();
  await rm(root, { recursive: true });
});

async function verify(name: string, draft: Draft, args: string[] = []) {
  const folder = join(root, 'receipts', name);
  await mkdir(join(root, 'receipts'), { recursive: true });
  await writeDraft(folder, draft, world.files, world.shared);
  const deployment = readDeployment(world.period.deploymentFile);
  const chain = createChainClient({ CHAIN_ID: deployment.chainId, RPC_URL: world.period.chain.url });
  const options = parseOptions([folder, '--models', root, '--json', ...args]);
  const address = gateway.address.toLowerCase() as `0x${string}`;
  const place = { options, server: null, chain: { chain, deployment }, gateway: address, engines };
  return (await verifyTarget(folder, place)).steps;
}

describe('npm run verify', () => {
  it('recomputes every step of a settled receipt, the gradient bit for bit, and skips none', async () => {
    const steps = await verify('good', world.drafts[0]!);
    expect(steps.filter(({ state }) => state !== 'ok')).toEqual([]);
    const reading = await verify('reading', world.drafts[1]!);
    expect(reading.find(({ id }) => id === 'retrieval-values')?.detail).toBe('the same values, to the micro-nat');
    expect(reading.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(steps.map(({ id }) => id)).toEqual([
      ...['schema', 'hash', 'signature', 'signer', 'fee', 'certificate', 'cut', 'sums', 'explained', 'rows', 'roles'],
      ...['shares', 'total', 'split', 'certificate-document', 'index', 'codes', 'scores', 'people'],
      ...['request', 'output', 'adapter', 'tokens', 'gradient', 'retrieval-values', 'proof', 'chain', 'period'],
    ]);
    expect(steps.find(({ id }) => id === 'gradient')?.detail).toContain('bit for bit');
  });

  // What is not signed, or by a stranger, fails at once whatever it says: the bench tries all of these, here an eighth is enough.
  const tried = forgeries.filter(({ step }, i) => (step !== 'hash' && step !== 'signature') || i % 8 === 0);

  it('names the step of every forgery, whoever signed it', async () => {
    const random = createRandom('forgeries');
    const forger = privateKeyToAccount(`0x${'66'.repeat(32)}`);
    const rich = world.drafts.filter(
      ({ body }) => body.attribution.rows.length > 1 && body.attribution.explainedPpm > 0,
    );
    const read = world.drafts.find(({ body }) => body.attribution.retrieval)!;
    const found: Record<string, string> = {};
    for (const [i, { name, needsRead, forge }] of tried.entries()) {
      const draft = { ...structuredClone(needsRead ? read : rich[i % rich.length]!), ...world.shared };
      await forge(draft, { gateway, forger, version: world.version, random });
      found[name] = firstDifference(await verify(`forged-${i}`, draft))?.id ?? 'nothing';
    }
    expect(found).toEqual(Object.fromEntries(tried.map(({ name, step }) => [name, step])));
    expect(new Set(tried.map(({ step }) => step)).size).toBeGreaterThan(20);
  }, 60_000);
});
