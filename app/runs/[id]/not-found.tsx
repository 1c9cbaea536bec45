import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';

export default function RunNotFound() {
  return (
    <Page title="No such run">
      <EmptyState
        title="This address names no training run"
        action={<LinkButton href="/models">See models and runs</LinkButton>}
      >
        It may have been cut when it was copied. Your own runs are listed under Models when you are signed in.
      </EmptyState>
    </Page>
  );
}
