import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { ExampleDetails } from '#components/datanets/example-details.tsx';
import { WithdrawButton } from '#components/datanets/withdraw-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ExampleNotFoundError } from '#lib/contributions/errors.ts';
import { getExample } from '#lib/contributions/get-example.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { withdrawExampleAction } from '../actions.ts';

/** A row, or a line that there is none (a row of another Datanet counts as none). */
export async function ExampleView({ id, slug }: { id: string; slug: string }) {
  const { db } = buildDeps();
  const example = await getExample(db, id).catch((error) => {
    if (error instanceof ExampleNotFoundError) return null;
    throw error;
  });
  if (!example || example.datanetSlug !== slug) {
    return <EmptyState title="There is no such row">It may stand in another Datanet.</EmptyState>;
  }
  const [{ fields }, actor] = await Promise.all([getDatanetTerms(db, example.datanetId), getActor()]);
  const isAuthor = actor.kind === 'account' && actor.address === example.contributor;
  const withdrawable = isAuthor && (example.status === 'pending' || example.status === 'accepted');
  return (
    <div className="flex flex-col gap-6">
      <ExampleDetails example={example} fields={fields} you={actor.kind === 'account' ? actor.address : null} />
      {withdrawable && <WithdrawButton exampleId={example.id} withdraw={withdrawExampleAction} />}
    </div>
  );
}
