import type { Metadata } from 'next';
import { Page } from '#components/layout/page.tsx';
import { RunsTable } from '#components/model-factory/runs-table.tsx';
import { ModelFilters } from '#components/models/model-filters.tsx';
import { ModelsTable } from '#components/models/models-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { listModelsSchema } from '#lib/model-factory/schema.ts';
import { loadModels } from '../_data.ts';

export const metadata: Metadata = { title: 'Models' };

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Models made of Datanets: search, domain and sort in the URL; below them the newest training runs. */
export default async function ModelsPage({ searchParams }: Props) {
  const parsed = listModelsSchema.safeParse(await searchParams);
  const input = parsed.success ? parsed.data : listModelsSchema.parse({});
  const { models, domains, runs } = await loadModels(input);
  const isFiltered = input.q !== '' || input.domain !== undefined;
  const active = runs.some((run) => run.status === 'queued' || run.status === 'running' || run.status === 'stopping');
  return (
    <Page
      title="Models"
      intro="Each one is a small adapter on a frozen base, trained on one frozen version of a Datanet. What it earns goes to the people whose rows shaped the answer."
      actions={
        <LinkButton href="/models/new" variant="primary">
          Train a model
        </LinkButton>
      }
    >
      <div className="flex flex-col gap-6">
        <ModelFilters input={input} domains={domains} />
        {models.length > 0 ? (
          <ModelsTable models={models} />
        ) : isFiltered ? (
          <EmptyState title="No model fits" action={<LinkButton href="/models">Show all models</LinkButton>}>
            Nothing is called like that, or no model of this domain is published yet.
          </EmptyState>
        ) : (
          <EmptyState
            title="No model is published yet"
            action={<LinkButton href="/models/new">Train the first one</LinkButton>}
          >
            {active
              ? 'A training is under way, see below; its owner publishes it when it has finished.'
              : 'Train one on a Datanet; with the sample data it takes a minute or two.'}
          </EmptyState>
        )}
      </div>
      {runs.length > 0 && (
        <Section title="Training runs">
          <RunsTable runs={runs} />
          {active && <RefreshWhile everyMs={4_000} />}
        </Section>
      )}
    </Page>
  );
}
