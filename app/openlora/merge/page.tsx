import type { Metadata } from 'next';
import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { Page } from '#components/layout/page.tsx';
import { MergeForm } from '#components/openlora/merge-form.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { listMergeableModels } from '#lib/model-factory/merges/list-mergeable-models.ts';
import { launchMergeAction } from '../actions.ts';

export const metadata: Metadata = {
  title: 'Merge models',
  description: 'One model out of several of the same base, each with a weight.',
};

/** Chooses live models of one base and their weights, and launches the merge; readable without a wallet. */
export default async function MergePage() {
  const models = await listMergeableModels(buildDeps());
  const bases = [...new Set(models.map(({ baseModel }) => baseModel))];
  const offered = bases.filter((base) => models.filter(({ baseModel }) => baseModel === base).length > 1);
  return (
    <Page
      title="Merge models"
      eyebrow={<Link href="/openlora">OpenLoRA</Link>}
      intro="Several adapters of one base become one that changes the base by the sum of what they change, each by its weight. Nothing is trained: the sum is exact, measured on rows that none of them was trained on, and published like any other model. What it earns goes to the people of all their rows, and each model’s owner gets the royalty that the model asks, by weight."
    >
      {offered.length === 0 ? (
        <EmptyState
          title="No two live models share a base yet"
          action={<LinkButton href="/models/new">Train a model</LinkButton>}
        >
          A merge takes two live models of the same base or more.
        </EmptyState>
      ) : (
        <MergeForm models={models.filter(({ baseModel }) => offered.includes(baseModel))} launch={launchMergeAction} />
      )}
    </Page>
  );
}
