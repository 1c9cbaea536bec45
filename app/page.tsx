import { AnswersTable } from '#components/explorer/answers-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { Section } from '#components/ui/section.tsx';
import { AskBox } from './_home/ask-box.tsx';
import { loadHome } from './_home/data.ts';
import { Totals } from './_home/totals.tsx';

/** A working window: one line of what this is, a box that answers without a wallet, the live ledger, five totals. */
export default async function HomePage() {
  const { models, ledger, totals, protocolFeeBps, freePerDay } = await loadHome();
  return (
    <div className="mx-auto flex w-full max-w-page flex-col gap-12 px-4 py-10 md:px-6 md:py-14">
      <section aria-labelledby="ask-title" className="flex flex-col gap-6">
        <div>
          <h1 id="ask-title" className="title-page">
            Ask, and see whose work answered.
          </h1>
          <p className="prose-measure mt-3 text-muted">
            OpenLedger keeps the book: which rows shaped an answer, who wrote them, and what each of them was paid.
          </p>
        </div>
        {models.length > 0 ? (
          <AskBox models={models} protocolFeeBps={protocolFeeBps} freePerDay={freePerDay} />
        ) : (
          <EmptyState
            title="No model is live yet."
            action={
              <LinkButton href="/datanets" variant="primary">
                See the Datanets
              </LinkButton>
            }
          >
            <p>
              Models are trained from Datanets. On a new devnet the first one is ready a few minutes after the start.
            </p>
          </EmptyState>
        )}
      </section>
      <section aria-label="Totals" className="border-t border-hairline pt-6">
        <Totals totals={totals} />
      </section>
      <Section
        title="The ledger, live"
        action={
          <LinkButton href="/explorer?kind=answers" size="sm" variant="quiet">
            All answers
          </LinkButton>
        }
      >
        {ledger.length > 0 ? (
          <AnswersTable label="Newest answers" rows={ledger} />
        ) : (
          <EmptyState title="No answer has been given yet.">
            <p>The first one appears here with its sources and what it paid.</p>
          </EmptyState>
        )}
        {/* Right after an answer its sources are a few seconds away. */}
        <RefreshWhile everyMs={ledger.some((row) => row.receiptId === null) ? 3_000 : 15_000} />
      </Section>
    </div>
  );
}
