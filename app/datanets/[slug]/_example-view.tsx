import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { ErasureNote } from '#components/datanets/erasure-note.tsx';
import { ExampleDetails } from '#components/datanets/example-details.tsx';
import { NearDuplicates } from '#components/datanets/near-duplicates.tsx';
import { FlagList } from '#components/datanets/review/flag-list.tsx';
import { ReasonForm } from '#components/datanets/rounds/reason-form.tsx';
import { RowActions } from '#components/datanets/row-actions.tsx';
import { WithdrawButton } from '#components/datanets/withdraw-button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ExampleNotFoundError } from '#lib/contributions/errors.ts';
import { findNearDuplicates } from '#lib/contributions/find-near-examples.ts';
import { getExample } from '#lib/contributions/get-example.ts';
import { findErasure } from '#lib/datanets/find-erasure.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { isCurator } from '#lib/datanets/rules.ts';
import { listRowFlags } from '#lib/harm/list-flags.ts';
import { wasDecidedInRound } from '#lib/validation/queries.ts';
import { improveExampleAction, reportExampleAction, withdrawExampleAction } from '../actions.ts';
import { appealRejectionAction, vetoOutcomeAction } from '../validation-actions.ts';

/** A row, or a line that there is none (a row of another Datanet counts as none). */
export async function ExampleView({ id, slug }: { id: string; slug: string }) {
  const deps = buildDeps();
  const { db } = deps;
  const actor = await getActor();
  const example = await getExample(deps, actor, id).catch((error) => {
    if (error instanceof ExampleNotFoundError) return null;
    throw error;
  });
  if (!example || example.datanetSlug !== slug) {
    return <EmptyState title="There is no such row">It may stand in another Datanet.</EmptyState>;
  }
  const terms = await getDatanetTerms(db, example.datanetId);
  const isAuthor = actor.kind === 'account' && actor.address === example.contributor;
  const you = actor.kind === 'account' ? actor.address : null;
  const erasure = example.status === 'withdrawn' ? await findErasure(db, id) : null;
  const withdrawable = isAuthor && ['pending', 'accepted', 'superseded'].includes(example.status);
  const wasAppealed = example.history.some(({ kind }) => kind === 'appealed');
  // Flags are suspicions: for those who decide about them and for the author, not for the public.
  const decides = you !== null && isCurator(terms, you);
  const flags = isAuthor || decides ? await listRowFlags(db, id) : [];
  // Who may not read the text is not told what it is like.
  const near = example.data ? await findNearDuplicates(db, { exampleId: id, decides }) : [];
  const isSealed = example.data !== null && example.status !== 'withdrawn' && Object.keys(example.data).length === 0;
  return (
    <div className="flex flex-col gap-6">
      {isSealed && (
        <p className="prose-measure text-sm">
          Sealed: this server has no text of it. Members read it in{' '}
          <Link className="link" href={`/datanets/${slug}`}>
            the list of rows
          </Link>
          , where their browser opens it.
        </p>
      )}
      <ExampleDetails example={example} fields={terms.fields} you={you} />
      <NearDuplicates slug={slug} near={near} />
      {erasure && (
        <ErasureNote exampleId={id} requestedAt={erasure.requestedAt} receipt={erasure.signed?.receipt ?? null} />
      )}
      {flags.length > 0 && (
        <section>
          <h2 className="title-small">Flags</h2>
          <FlagList flags={flags} fields={terms.fields} you={you} />
        </section>
      )}
      {example.status === 'accepted' && example.data && !isSealed && (
        <RowActions
          exampleId={example.id}
          data={example.data}
          fields={terms.fields}
          own={isAuthor}
          improve={improveExampleAction}
          report={reportExampleAction}
        />
      )}
      {isAuthor && example.status === 'rejected' && wasAppealed && (
        <p className="text-sm text-muted">
          You appealed; a row is appealed once. On whom it waits stands on the{' '}
          <Link className="link" href={`/datanets/${slug}/review`}>
            review page
          </Link>
          .
        </p>
      )}
      {isAuthor && example.status === 'rejected' && !wasAppealed && (
        <ReasonForm
          exampleId={id}
          label="Appeal: why should this row be accepted?"
          hint="Validators who had no part in the rejection decide, once. An appeal that is lost counts against further ones for 90 days."
          submitLabel="Appeal"
          done="Your appeal is open. The review page shows on whom it waits."
          run={appealRejectionAction}
        />
      )}
      {you === terms.owner && example.status === 'accepted' && (await wasDecidedInRound(db, id)) && (
        <ReasonForm
          exampleId={id}
          label="Veto: why should this row not stand?"
          hint="Validators accepted it. Your reason is public and cannot be cleared."
          submitLabel="Take it out"
          done="Taken out of later versions; the veto is in the log."
          run={vetoOutcomeAction}
        />
      )}
      {withdrawable && <WithdrawButton exampleId={example.id} withdraw={withdrawExampleAction} />}
    </div>
  );
}
