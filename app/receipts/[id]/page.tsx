import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ChallengeList } from '#components/challenges/challenge-list.tsx';
import { ChallengeReceipt } from '#components/challenges/challenge-receipt.tsx';
import { Page } from '#components/layout/page.tsx';
import { dataPartWei, PayoutBars, shareWei } from '#components/receipts/payout-bars.tsx';
import { percent } from '#components/receipts/percent.ts';
import { RowsRead, rowsReadSummary } from '#components/receipts/rows-read.tsx';
import { SettlementSteps } from '#components/receipts/settlement-steps.tsx';
import { poolNote, sharesNote } from '#components/receipts/shares-note.ts';
import { SourceRows } from '#components/receipts/source-rows.tsx';
import { VerifyReceiptButton } from '#components/receipts/verify-receipt-button.tsx';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { answerPayout } from '#lib/kernel/answer-payout.ts';
import { readShares } from '#lib/kernel/read-shares.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import { loadReceipt } from './_data.ts';
import { RefreshWhileAttributing } from './_refresh-while-attributing.tsx';
import { challengeReceiptAction } from './actions.ts';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Receipt ${(await params).id}` };
}

/** The whole chain of one answer on one page: model → version → rows → people → period → claim. */
export default async function ReceiptPage({ params }: Props) {
  const { id } = await params;
  const loaded = await loadReceipt(id);
  if (!loaded) notFound();
  const { receipt, settlement, challenges } = loaded;
  if (receipt.state !== 'issued') {
    return (
      <Page title="Receipt" eyebrow={<Link href="/explorer?kind=receipts">Receipts</Link>}>
        {receipt.state === 'attributing' ? (
          <EmptyState title="Attribution is being computed">
            The answer is complete; its sources are being scored. This page refreshes by itself.
            <RefreshWhileAttributing />
          </EmptyState>
        ) : (
          <EmptyState title="No receipt for this answer">{receipt.reason}</EmptyState>
        )}
      </Page>
    );
  }
  const { body } = receipt;
  const rowOf = ({ exampleId, contributor }: { exampleId: string; contributor: string }) => ({
    ...{ exampleId, contributor },
    data: receipt.rows[exampleId]?.data ?? null,
    datanetSlug: receipt.rows[exampleId]?.datanetSlug ?? null,
  });
  const answer = readShares(body);
  const rule = poolNote(answer);
  const retrieval = body.version === 2 ? body.attribution.retrieval : undefined;
  // The fee less the protocol's part, by the model's split; the period's lines have it to the wei.
  const feeWei = BigInt(body.feeWei);
  const dataWei = dataPartWei(feeWei, loaded.protocolFeeBps, body.split.data);
  const rowsWei = shareWei(dataWei, answer.rowsPpm);
  return (
    <Page
      title={`Receipt for an answer by ${receipt.modelName}`}
      eyebrow={<Link href="/explorer?kind=receipts">Receipts</Link>}
      intro={
        body.payer
          ? undefined
          : 'A free answer: nothing was charged, so nothing is shared. The sources are computed all the same.'
      }
    >
      <Facts receiptId={receipt.receiptId} modelSlug={receipt.modelSlug} body={body} createdAt={receipt.createdAt} />
      <Section title="Who shaped it" intro={sharesNote(answer)}>
        <PayoutBars
          payout={answerPayout(body, loaded.groups)}
          sigmas={new Map(answer.shares.map(({ account, sigmas }) => [account, sigmas]))}
          poolWei={dataWei}
        />
        {rule && <p className="prose-measure mt-4 text-sm text-muted">{rule}</p>}
      </Section>
      {answer.rows.length > 0 && (
        <Section
          title="Rows with estimated influence"
          intro={`${answer.rows.length} ${answer.rows.length === 1 ? 'row stands' : 'rows stand'} above the noise of this answer. It is an estimate: what the method proves and what it does not is in the docs.`}
        >
          <SourceRows
            version={body.datanet.number}
            rows={answer.rows
              .slice(0, 50)
              .map((row) => ({ ...rowOf(row), credit: row, matches: 0, copies: receipt.copies[row.exampleId] }))}
          />
        </Section>
      )}
      {retrieval && (
        <Section title="Rows read" intro={rowsReadSummary(retrieval)}>
          <RowsRead retrieval={retrieval} rows={receipt.rows} />
        </Section>
      )}
      {receipt.matches.length > 0 && (
        <Section
          title="Rows that match text"
          intro="Stretches of this answer stand word for word in these rows. That is quotation, not influence: it moves no share. The stretches themselves are shown only beside the answer."
        >
          <SourceRows
            version={body.datanet.number}
            rows={receipt.matches.slice(0, 50).map((row) => ({ ...rowOf(row), credit: null, matches: row.spans }))}
          />
        </Section>
      )}
      <Section title="Where the money goes">
        <SettlementSteps challenge={heldBy(challenges)} settlement={settlement} feeWei={feeWei} rowsWei={rowsWei} />
      </Section>
      <Section
        title="Proof"
        intro="Recomputes hash, signature, fee and shares, and with the index every row’s score. That the gradient follows from the answer takes the model: the command does that."
        action={
          <a className="link text-sm print:hidden" href={`/api/v1/receipts/${receipt.receiptId}`}>
            JSON
          </a>
        }
      >
        <VerifyReceiptButton receiptId={receipt.receiptId} />
        <dl className="mt-6 grid grid-cols-1 gap-x-6 gap-y-1 text-sm md:grid-cols-[12rem_1fr]">
          {hashesOf(body, receipt.hash).map(([label, value]) => (
            <div key={label} className="contents">
              <dt className="text-muted">{label}</dt>
              <dd className="min-w-0">
                <Hash value={value} full />
              </dd>
            </div>
          ))}
        </dl>
      </Section>
      <Section title="Challenges" intro={challengesIntro}>
        <ChallengeList challenges={challenges} />
        <ChallengeReceipt receiptId={receipt.receiptId} challenge={challengeReceiptAction} />
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

function hashesOf(body: ReceiptBody, hash: string): [string, string][] {
  return [
    ['Receipt', hash],
    ['Conversation, salted', body.requestHash],
    ['Answer, salted', body.outputHash],
    ['Model version', body.model.versionHash],
    ['Adapter', body.model.adapterSha256],
    ['Datanet version root', body.datanet.root],
    ['Attribution index', body.attribution.indexSha256],
    ['Query codes', body.attribution.queryCodesHash],
    ...certificateHash(body),
    ...(body.attribution.spans
      ? ([
          ['Suffix index', body.attribution.spans.indexSha256],
          ['Verbatim matches, salted', body.attribution.spans.hash],
        ] satisfies [string, string][])
      : []),
  ];
}

function certificateHash(body: ReceiptBody): [string, string][] {
  const sha256 = body.version === 2 ? body.attribution.certificate.sha256 : null;
  return sha256 ? [['Certificate', sha256]] : [];
}

const certificateWords = { pending: 'not audited yet', refused: 'refused', suspended: 'suspended' } as const;

/** How far this adapter's attribution was found right, in words and figure. */
function certificateOf(body: ReceiptBody): string {
  if (body.version === 1) return 'none yet at that time';
  const { status, alphaPpm } = body.attribution.certificate;
  return status === 'certified' ? `passed with ${percent(alphaPpm)} or more` : `${certificateWords[status]}: pays flat`;
}

function Facts(props: { receiptId: string; modelSlug: string; body: ReceiptBody; createdAt: Date }) {
  const { body } = props;
  const facts: [string, React.ReactNode][] = [
    ['Receipt', <Hash key="id" value={props.receiptId} what="receipt id" />],
    ['Answered', <TimeAgo key="at" at={props.createdAt} mode="date" />],
    [
      'Model',
      <Link key="model" className="link" href={`/models/${props.modelSlug}`}>
        {props.modelSlug}
      </Link>,
    ],
    ['Paid by', body.payer ? <Address key="payer" address={body.payer} /> : 'nobody (free answer)'],
    [
      'Tokens',
      <span key="tokens" className="figures">{`${body.tokens.prompt} in, ${body.tokens.completion} out`}</span>,
    ],
    ['Fee', <Amount key="fee" wei={BigInt(body.feeWei)} digits={6} />],
    ['Signed by', <Address key="gateway" address={body.gateway} />],
    [
      'Method',
      <span key="method" className="figures">
        {body.attribution.method}
      </span>,
    ],
    ['Audit of attribution', certificateOf(body)],
  ];
  return (
    <dl className="grid grid-cols-1 gap-x-8 gap-y-3 text-sm min-[420px]:grid-cols-2 md:grid-cols-4">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="label-small">{label}</dt>
          <dd className="mt-1 truncate">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
