import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { type OpenSandbox, performAttackRun } from '#lib/attacks/perform-attack-run.ts';
import { sampleSandbox } from '#lib/attacks/sample-sandbox.ts';
import type { AttackRow } from '#lib/attacks/types.ts';
import { readVersionRows } from '#lib/model-factory/read-version-rows.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { toMessages } from '#lib/model-factory/rules.ts';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { openAttackEngine } from './attack-engine.ts';
import { sandboxRules } from './attack-rules.ts';

/** The wizard's proposal for the data's part of a fee. */
const dataPpm = 600_000;
const answerTokens = 32;

/** Runs one attack on a sandbox copy of a Datanet version. */
export async function runAttackJob(deps: WorkerDeps, { id }: Jobs['run-attack'], signal: AbortSignal): Promise<void> {
  const outcome = await performAttackRun(deps, openSandbox(deps), { id, signal });
  deps.log.info({ id, outcome }, 'sandbox attack ended');
}

const sandboxRecipe: TrainingRecipe = {
  ...recipePresets.balanced,
  ...{ evalEverySteps: 10_000, checkpointEverySteps: 10_000, evalRows: 12 },
};

/** Rows and engine in a folder of their own, which is gone afterwards. Trained like any run, only that nothing is kept. */
export function openSandbox(deps: Pick<WorkerDeps, 'db' | 'store' | 'env'>, recipe = sandboxRecipe): OpenSandbox {
  return async ({ versionId, baseModel, signal, onStep }) => {
    const { rows, root } = await readRows(deps, versionId);
    const workDir = await mkdtemp(join(tmpdir(), 'openledger-sandbox-'));
    const engine = await openAttackEngine({
      ...{ modelDir: join(resolve(deps.env.MODELS_DIR), baseModel), workDir, threads: 1, maxTokens: answerTokens },
      recipe,
      ...{ signal, onStep },
    });
    const close = async (): Promise<void> => {
      await engine.close();
      await rm(workDir, { recursive: true, force: true });
    };
    return { ...sampleSandbox(rows, root), engine, rules: sandboxRules(), dataPpm, close };
  };
}

/** The version's rows as question and answer, as training reads them. */
async function readRows(
  deps: Pick<WorkerDeps, 'db' | 'store'>,
  versionId: string,
): Promise<{ rows: AttackRow[]; root: string }> {
  const [found] = await deps.db
    .select({ version: datanetVersions, fields: datanets.fields })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(datanetVersions.id, versionId));
  if (!found) throw new Error(`version ${versionId} does not exist`);
  const { version, fields } = found;
  const rows = await readVersionRows(deps, version);
  return {
    root: version.root,
    rows: rows.map(({ id, contributor, data }) => {
      const messages = toMessages(data, fields);
      const said = (role: string): string => messages.find((message) => message.role === role)?.content ?? '';
      return { id, contributor, question: said('user'), answer: said('assistant') };
    }),
  };
}
