import type { Metadata } from 'next';
import { Page } from '#components/layout/page.tsx';
import { AdapterTable } from '#components/openlora/adapter-table.tsx';
import { CanaryList } from '#components/openlora/canary-list.tsx';
import { EngineFigures } from '#components/openlora/engine-figures.tsx';
import { NewCanary } from '#components/openlora/new-canary.tsx';
import { QuestionRouter } from '#components/openlora/question-router.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { hrefWith, readParams, type SearchParams } from '../../datanets/_href.ts';
import { loadConsole, loadRanking } from '../_data.ts';
import { keepAdapterAction, setCanaryAction } from '../actions.ts';

export const metadata: Metadata = {
  title: 'OpenLoRA',
  description: 'Where each model’s adapter lies now, how fast it loads and how fast it answers.',
};

/** The serving console: engines now, and each adapter's place and speed, measured where it is served. Needs no wallet. */
export default async function OpenLoraPage({ searchParams }: { searchParams: SearchParams }) {
  const { after, question = '' } = await readParams(searchParams);
  const { items, engines, nextCursor, movable, you, routes, relievable } = await loadConsole(after);
  const ranked = await loadRanking(question);
  return (
    <Page
      title="OpenLoRA"
      intro="Many models share one base in memory; each adds a small adapter of its own. Figures are measured where answers are made, since that process started."
    >
      <Section title="Engines">
        {engines === null ? (
          <ErrorState title="The process that answers does not reply">
            <p>
              Models are listed all the same; nobody can be answered until it is back. This page looks again by itself.
            </p>
          </ErrorState>
        ) : engines.length === 0 ? (
          <p className="text-sm text-muted">No base model is open yet. The first question opens one.</p>
        ) : (
          <EngineFigures engines={engines} />
        )}
      </Section>
      <Section title="Adapters">
        {items.length === 0 ? (
          <EmptyState title="No model is live yet" action={<LinkButton href="/models/new">Train a model</LinkButton>}>
            A model’s adapter appears here when the model is published.
          </EmptyState>
        ) : (
          <>
            <AdapterTable items={items} movable={new Set(movable)} keep={keepAdapterAction} />
            <p className="text-sm">
              <LinkButton href="/openlora/merge">Merge models into one</LinkButton>
            </p>
            <Pagination
              label="Pages of adapters"
              firstHref={after && '/openlora'}
              nextHref={nextCursor ? hrefWith('/openlora', { after: nextCursor }) : undefined}
            />
          </>
        )}
      </Section>
      {(routes.length > 0 || relievable.length > 1) && (
        <Section
          title="Canaries"
          intro="An owner can let a newer model answer a few of an older one’s questions first, then all of them, and take it back with one press. Each answer says, pays and proves which model gave it. While both answer, a newer one stops by itself when at least five of its answers failed in a day, twice as often as the older one’s, and more than chance explains."
        >
          <div className="flex flex-col gap-6">
            {relievable.length > 1 && <NewCanary models={relievable} set={setCanaryAction} />}
            {routes.length > 0 && <CanaryList routes={routes} you={you} set={setCanaryAction} />}
          </div>
        </Section>
      )}
      <Section
        title="Which model for a question?"
        intro="Compares the question’s words with the rows that each model learnt from. Words that few Datanets have count most; private Datanets are not looked into."
      >
        <QuestionRouter question={question} ranked={ranked} />
      </Section>
      <RefreshWhile everyMs={10_000} />
    </Page>
  );
}
