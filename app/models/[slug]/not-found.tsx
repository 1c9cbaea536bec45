import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';

export default function ModelNotFound() {
  return (
    <Page title="No such model">
      <EmptyState title="No model has this name" action={<LinkButton href="/models">See all models</LinkButton>}>
        A model that was never put on chain may have been renamed by its owner.
      </EmptyState>
    </Page>
  );
}
