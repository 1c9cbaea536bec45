import type { Metadata } from 'next';
import { Page } from '#components/layout/page.tsx';
import { Playground } from '#components/playground/playground.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { loadPlayground } from './_data.ts';

export const metadata: Metadata = { title: 'Playground' };

/** Ask any live model and see whose work answered. Works without a wallet on the free quota. */
export default async function PlaygroundPage({ searchParams }: { searchParams: Promise<{ model?: string }> }) {
  const { model } = await searchParams;
  const data = await loadPlayground();
  const initial =
    data.models.find((one) => one.slug === model) ?? data.models.find(({ mayAsk }) => mayAsk) ?? data.models[0];
  return (
    <Page
      title="Playground"
      intro="Ask a model. When it has answered, the rows that shaped the answer stand beside it, with their contributors and what each earns."
    >
      {initial ? (
        <Playground
          models={data.models}
          initialModel={initial.slug}
          protocolFeeBps={data.protocolFeeBps}
          pays={data.pays}
          freePerDay={data.freePerDay}
        />
      ) : (
        <EmptyState title="No model is live yet" action={<LinkButton href="/models">See models and runs</LinkButton>}>
          On a new devnet the first model is being trained right now from a sample Datanet; it takes a minute or two.
        </EmptyState>
      )}
    </Page>
  );
}
