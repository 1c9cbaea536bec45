import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateKeyToAccount } from 'viem/accounts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { firstDifference } from '#lib/kernel/verification/step-outcome.ts';
import { adaptedNano } from '../attribution/adapted-nano.ts';
import { syntheticExamples } from '../attribution/synthetic-rows.ts';
import type { BenchContext } from '../main.ts';
import { writeDraft } from '../repro/draft.ts';
import { type Forgery, forgeries, repeatable } from '../repro/forgeries.ts';
import { gateway, makeReproWorld, type ReproWorld } from '../repro/make-repro-world.ts';
import { runVerifier } from '../repro/run-verifier.ts';

export const description =
  '100 receipts recomputed by a process of its own with 1 and 2 threads; 200 forgeries and the step that names each';

const receiptsIssued = 100;
const forgeriesTried = 200;
const forger = privateKeyToAccount(`0x${'66'.repeat(32)}`);

export async function run(context: BenchContext): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'attribution-repro-'));
  const examples = syntheticExamples(receiptsIssued).filter((one): one is ChatExample => 'messages' in one);
  const { epochCpuSeconds: _, ...place } = await adaptedNano(root, examples);
  const world = await makeReproWorld(root, place, examples);
  const confident = world.drafts.filter(({ body }) => body.attribution.rows.length > 0).length;
  context.log(`${world.drafts.length} receipts, ${confident} with a confident source`);
  try {
    const folders = await writeReceipts(join(root, 'receipts'), world);
    const place = { rpc: world.period.chain.url, deployment: world.period.deploymentFile, models: root };
    const options = { ...place, gateway: gateway.address };
    for (const threads of [1, 2]) {
      const results = await runVerifier(folders, { ...options, threads });
      const exact = results.filter(({ steps }) => steps.every(({ state }) => state === 'ok') && isBitForBit(steps));
      for (const { target, steps } of results.filter((one) => !exact.includes(one)).slice(0, 3)) {
        context.log(`${target}: ${JSON.stringify(steps.filter(({ state }) => state !== 'ok'))}`);
      }
      const target = { atLeast: receiptsIssued };
      context.emit({
        case: `receipts exact in every step, ${threads} thread(s)`,
        value: exact.length,
        unit: 'receipts',
        target,
      });
    }
    await measureForgeries(context, world, join(root, 'forged'), options);
  } finally {
    await world.period.chain.stop();
    await rm(root, { recursive: true, force: true });
  }
}

const isBitForBit = (steps: readonly { id: string; detail: string }[]) =>
  steps.some(({ id, detail }) => id === 'gradient' && detail.includes('bit for bit'));

async function writeReceipts(folder: string, { drafts, files, shared }: ReproWorld): Promise<string[]> {
  const folders = drafts.map((_, i) => join(folder, String(i)));
  await mkdir(folder, { recursive: true });
  for (const [i, draft] of drafts.entries()) await writeDraft(folders[i]!, draft, files, shared);
  return folders;
}

/** Each forgery on a receipt of its own, all found by one more process. */
async function measureForgeries(
  { emit, log }: BenchContext,
  world: ReproWorld,
  folder: string,
  options: Omit<Parameters<typeof runVerifier>[1], 'threads'>,
): Promise<void> {
  const random = createRandom('attribution-repro forgeries');
  const rich = world.drafts.filter(({ body }) => body.attribution.rows.length > 1 && body.attribution.explainedPpm > 0);
  const tried: (Forgery & { folder: string })[] = [];
  for (let i = 0; i < forgeriesTried; i++) {
    const forgery = forgeries[i] ?? repeatable[i % repeatable.length]!;
    const fitting = forgery.needsRead ? world.drafts.filter(({ body }) => body.attribution.retrieval) : rich;
    const draft = { ...structuredClone(fitting[i % fitting.length]!), ...world.shared };
    await forgery.forge(draft, { gateway, forger, version: world.version, random });
    const target = join(folder, String(i));
    await writeDraft(target, draft, world.files, world.shared);
    tried.push({ ...forgery, folder: target });
  }
  const results = new Map(
    (
      await runVerifier(
        tried.map((one) => one.folder),
        { ...options, threads: 1 },
      )
    ).map((one) => [one.target, one.steps]),
  );
  const named = tried.filter(({ folder: target, name, step }) => {
    const found = firstDifference(results.get(target) ?? [])?.id ?? 'nothing';
    if (found !== step) log(`${name}: expected ${step}, found ${found}`);
    return found === step;
  });
  const detected = tried.filter(({ folder: target }) => firstDifference(results.get(target) ?? []) !== null);
  const target = { atLeast: forgeriesTried };
  emit({ case: 'forgeries detected', value: detected.length, unit: 'forgeries', target });
  emit({ case: 'forgeries named by the right step', value: named.length, unit: 'forgeries', target });
}
