import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';

export const metadata = { title: 'Not found' };

/** No such page, or nothing there that this account may see: both are answered alike. */
export default function NotFound() {
  return (
    <div className="mx-auto w-full max-w-page px-4 py-16 md:px-6">
      <h1 className="title-page mb-8">There is nothing at this address.</h1>
      <EmptyState
        title="The link may be old, or what it names was never there."
        action={<LinkButton href="/explorer">Look in the explorer</LinkButton>}
      >
        <p>Press Cmd or Ctrl and K to search for a Datanet, a model, a receipt or an address.</p>
      </EmptyState>
    </div>
  );
}
