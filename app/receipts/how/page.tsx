import type { Metadata } from 'next';
import Link from 'next/link';
import { Page } from '#components/layout/page.tsx';
import { Section } from '#components/ui/section.tsx';

export const metadata: Metadata = { title: 'How sources are found' };

/** The three claims beside an answer, each with its method, what it proves, and what it does not. */
export default function HowPage() {
  return (
    <Page
      title="How sources are found"
      intro="Three different things are said beside an answer. They are never mixed, because they prove different things."
    >
      <Section id="matches" title="Matches text">
        <p className="prose-measure">
          The tokens of the answer are looked up in a suffix index of all rows that the model was trained on. What
          stands there word for word, at least six tokens long, is underlined; the longest and rarest come first, common
          phrases last. You can check each one by reading. It says whose words the answer repeats. It does not say that
          this row is why the model said them, and it moves no share. Where a stretch stands only in private or
          withdrawn rows, only their number is told.
        </p>
      </Section>
      <Section id="influence" title="Estimated influence">
        <p className="prose-measure">
          Each trained row has a vector: how it pulled on the weights as the training began and towards its end. The
          answer gets one of the same kind. Their exact integer product estimates how much less likely this answer would
          be if the model had been trained without the row. It is an estimate of first order: for every model it is
          measured against real trainings without rows, and only where that audit passes is anybody paid by it.
        </p>
        <ul className="prose-measure mt-3 list-disc pl-5">
          <li>
            The answer has a source when a row stands more than three times above the noise of all rows. Then every row
            counts by what it has above the cut: three times the noise in a large Datanet, less in a small one, down to
            the noise itself under 256 rows, because the fewer the rows, the fewer stand out by chance. Faint is under
            three times the noise, weak under five, clear under ten, strong above.
          </li>
          <li>When no row stands out there is no confident source. That is a normal result and is said so.</li>
          <li>Of a private Datanet you see owner and share of a row, never its text.</li>
        </ul>
      </Section>
      <Section id="read" title="Rows read">
        <p className="prose-measure">
          If you let the model read rows before it answers, the answer’s likelihood is measured with every selection of
          these rows. What each row added is therefore exact for this answer, not an estimate.
        </p>
      </Section>
      <Section id="without" title="Leaving sources out">
        <p className="prose-measure">
          The payout without a row, a contributor or the Datanet is computed in your browser by the same rule from the
          signed receipt: the scores and the noise stay as they were measured with all rows. The answer without rows
          that were read is asked again without them, which is exact. The answer without rows that were trained on takes
          another training: where the model is small enough it is really trained again without them, from the same start
          and in the same order; otherwise only the estimate of how much less likely the answer would be is shown.
        </p>
      </Section>
      <Section id="proof" title="Checking it yourself">
        <p className="prose-measure">
          Every receipt has a button that recomputes it in your browser.{' '}
          <Link className="link" href="/gaming">
            Can this be gamed?
          </Link>{' '}
          shows what attacks on it gain.
        </p>
      </Section>
    </Page>
  );
}
