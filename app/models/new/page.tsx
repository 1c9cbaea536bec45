import type { Metadata } from 'next';
import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { Page } from '#components/layout/page.tsx';
import { WizardView } from '#components/model-factory/wizard.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { listBaseModels } from '#lib/model-factory/list-base-models.ts';
import { listTrainableVersions } from '#lib/model-factory/queries.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { minTrainableRows } from '#lib/model-factory/rules.ts';
import { estimateRunAction, startRunAction } from './actions.ts';

export const metadata: Metadata = { title: 'Train a model' };

/** ModelFactory's wizard. Readable without a wallet; signing in is asked for at the launch. */
export default async function NewModelPage() {
  const deps = buildDeps();
  const [bases, versions] = await Promise.all([listBaseModels(deps), listTrainableVersions(deps.db)]);
  return (
    <Page title="Train a model" eyebrow={<Link href="/models">Models</Link>}>
      {versions.length === 0 ? (
        <EmptyState
          title="No data to train on yet"
          action={<LinkButton href="/datanets">Open the Datanets</LinkButton>}
        >
          Training needs a frozen version of a Datanet with {minTrainableRows} rows or more. A curator freezes one on
          the Datanet’s page.
        </EmptyState>
      ) : (
        <WizardView
          options={{
            bases: bases.offered,
            refused: bases.refused,
            versions,
            presets: recipePresets,
            minRows: minTrainableRows,
            memoryFreeBytes: process.availableMemory(),
          }}
          estimate={estimateRunAction}
          start={startRunAction}
        />
      )}
    </Page>
  );
}
