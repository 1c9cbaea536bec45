import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { ComputePanel } from '#components/access/access-parts.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Section } from '#components/ui/section.tsx';
import { listComputeJobs } from '#lib/compute/list-compute-jobs.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { listBaseModels } from '#lib/model-factory/list-base-models.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { decideRecipeAction, requestComputeAction } from '../../compute-actions.ts';

/** Trainings on a compute-only Datanet, for its owner and members. */
export async function Trainings({ datanet, isOwner }: { datanet: DatanetDetail; isOwner: boolean }) {
  const deps = buildDeps();
  const [jobs, { offered }] = await Promise.all([
    listComputeJobs(deps, await getActor(), datanet.id),
    listBaseModels(deps),
  ]);
  const { latestVersion: version } = datanet;
  const presets = Object.entries(recipePresets).map(([name, recipe]) => ({ name, recipe }));
  const bases = offered.map(({ name }) => name);
  const options =
    version && bases.length > 0 ? { versionId: version.id, versionNumber: version.number, bases, presets } : null;
  return (
    <Section title="Trainings">
      <ComputePanel
        {...{ datanetId: datanet.id, isOwner, jobs, options }}
        actions={{ request: requestComputeAction, decide: decideRecipeAction }}
      />
      {isOwner && (
        <details className="mt-6 text-sm">
          <summary className="min-h-6 cursor-pointer">Run your worker</summary>
          <p className="prose-measure my-3 text-muted">
            On a machine of yours with this project and the base models, with an API key of this account. It claims
            approved trainings and sends back adapters; rows stay in its memory.
          </p>
          <CodeBlock
            label="Your worker"
            code={`OPENLEDGER_API_KEY=olk_… npm run compute-worker -- ${datanet.slug} --server ${deps.env.APP_URL}`}
          />
        </details>
      )}
    </Section>
  );
}
