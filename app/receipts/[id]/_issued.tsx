import Link from 'next/link';
import { ChallengeList } from '#components/challenges/challenge-list.tsx';
import { ChallengeReceipt } from '#components/challenges/challenge-receipt.tsx';
import { Page } from '#components/layout/page.tsx';
import { dataPartWei, PayoutBars, shareWei } from '#components/receipts/payout-bars.tsx';
import { PrintButton } from '#components/receipts/print-button.tsx';
import { ReceiptChain } from '#components/receipts/receipt-chain.tsx';
import { ReceiptWords } from '#components/receipts/receipt-words.tsx';
import { SettlementSteps } from '#components/receipts/settlement-steps.tsx';
import { poolNote, sharesNote } from '#components/receipts/shares-note.ts';
import { VerifyReceiptButton } from '#components/receipts/verify-receipt-button.tsx';
import { TaskTree } from '#components/tasks/task-tree.tsx';
import { Section } from '#components/ui/section.tsx';
import { answerPayout } from '#lib/kernel/answer-payout.ts';
import { readShares } from '#lib/kernel/read-shares.ts';
import type { IssuedReceipt } from './_data.ts';
import { ReceiptFacts, ReceiptHashes } from './_facts.tsx';
import { ReceiptSources } from './_sources.tsx';
import { challengeReceiptAction } from './actions.ts';

/** The whole chain of one answer on one page: in plain words, in figures, and with what proves it. */
export function Issued(props: IssuedReceipt) {
  const { receipt, settlement, challenges, groups, task, protocolFeeBps, datanetSlug, url } = props;
  const { body, modelName, modelSlug, createdAt, receiptId } = receipt;
  const answer = readShares(body);
  const rule = poolNote(answer);
  const feeWei = BigInt(body.feeWei);
  const dataWei = dataPartWei(feeWei, protocolFeeBps, body.split.data);
  const read = body.version === 1 ? 0 : (body.attribution.retrieval?.rows.length ?? 0);
  const counts = { influential: answer.rows.length, read, paid: answer.shares.length };
  return (
    <Page
      title={`Receipt for an answer by ${modelName}`}
      eyebrow={<Link href="/explorer?kind=receipts">Receipts</Link>}
      actions={<PrintButton />}
    >
      <ReceiptWords {...{ body, answer, modelName, createdAt, dataWei }} />
      <Section title="From people to payout">
        <ReceiptChain {...{ body, modelSlug, datanetSlug, settlement, counts }} />
      </Section>
      {task && (
        <Section
          title="Asked by an app"
          intro="This answer was a call within the work of an app, which has its own receipt."
        >
          <TaskTree {...task} />
        </Section>
      )}
      <Section title="In figures">
        <ReceiptFacts {...{ receiptId, modelSlug, body, createdAt }} />
      </Section>
      <Section id="who" title="Who shaped it" intro={sharesNote(answer)}>
        <PayoutBars
          payout={answerPayout(body, groups)}
          sigmas={new Map(answer.shares.map(({ account, sigmas }) => [account, sigmas]))}
          poolWei={dataWei}
        />
        {rule && <p className="prose-measure mt-4 text-sm text-muted">{rule}</p>}
      </Section>
      <ReceiptSources receipt={receipt} answer={answer} />
      <Section id="money" title="Where the money goes">
        <SettlementSteps
          challenge={heldBy(challenges)}
          settlement={settlement}
          feeWei={feeWei}
          rowsWei={shareWei(dataWei, answer.rowsPpm)}
        />
      </Section>
      <Section
        title="Proof"
        intro="Recomputes hash, signature, fee and shares, and with the index every row’s score. That the gradient follows from the answer takes the model: the command does that."
        action={
          <a className="link text-sm print:hidden" href={`/api/v1/receipts/${receiptId}`}>
            JSON
          </a>
        }
      >
        <VerifyReceiptButton receiptId={receiptId} />
        <ReceiptHashes body={body} hash={receipt.hash} />
        <p className="hidden text-sm print:mt-4 print:block">
          Printed from {url}. Whoever has the project verifies it with: npm run verify -- {receiptId}
        </p>
      </Section>
      <Section title="Challenges" intro={challengesIntro}>
        <ChallengeList challenges={challenges} />
        <ChallengeReceipt receiptId={receiptId} challenge={challengeReceiptAction} />
      </Section>
    </Page>
  );
}

/** A challenge that was upheld, else one that is not decided: what keeps a receipt out of reward periods. */
function heldBy(challenges: readonly { status: string }[]): 'queued' | 'upheld' | null {
  const has = (status: 'queued' | 'upheld') => challenges.some((one) => one.status === status);
  return has('upheld') ? 'upheld' : has('queued') ? 'queued' : null;
}

const challengesIntro =
  'Anyone who is signed in can have this receipt computed again, from the stored files and the logged tokens. While that lasts no reward period takes it; if a step differs it is frozen and paid to nobody.';
