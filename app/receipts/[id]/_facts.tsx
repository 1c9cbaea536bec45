import Link from 'next/link';
import { percent } from '#components/receipts/percent.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';

/** Every hash that the receipt commits to, whole, to be compared by hand. */
export function ReceiptHashes({ body, hash }: { body: ReceiptBody; hash: string }) {
  return <HashList hashes={hashesOf(body, hash)} />;
}

/** Hashes with their names, whole. */
export function HashList({ hashes }: { hashes: readonly (readonly [string, string])[] }) {
  return (
    <dl className="mt-6 grid grid-cols-1 gap-x-6 gap-y-1 text-sm md:grid-cols-[12rem_1fr]">
      {hashes.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0">
            <Hash value={value} full />
          </dd>
        </div>
      ))}
    </dl>
  );
}

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
  const sha256 = body.version === 1 ? null : body.attribution.certificate.sha256;
  return sha256 ? [['Certificate', sha256]] : [];
}

const certificateWords = { pending: 'not audited yet', refused: 'refused', suspended: 'suspended' } as const;

/** How far this adapter's attribution was found right, in words and figure. */
function certificateOf(body: ReceiptBody): string {
  if (body.version === 1) return 'none yet at that time';
  const { status, alphaPpm } = body.attribution.certificate;
  return status === 'certified' ? `passed with ${percent(alphaPpm)} or more` : `${certificateWords[status]}: pays flat`;
}

/** What the receipt says in figures. */
export function ReceiptFacts(props: { receiptId: string; modelSlug: string; body: ReceiptBody; createdAt: Date }) {
  const { body } = props;
  const facts: Fact[] = [
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
  return <FactGrid facts={facts} />;
}

type Fact = readonly [string, React.ReactNode];

/** Names and values of a receipt, four in a row where there is room. */
export function FactGrid({ facts }: { facts: readonly Fact[] }) {
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
