import Link from 'next/link';
import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Hash } from '#components/ui/hash.tsx';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import type { ReceiptSettlement } from '#lib/rewards/types.ts';

export type ReceiptChainProps = {
  body: ReceiptBody;
  modelSlug: string;
  datanetSlug: string;
  settlement: ReceiptSettlement;
  /** Rows that stand out, rows that were read, and accounts that are paid. */
  counts: { influential: number; read: number; paid: number };
};

/** From people to payout, link by link; each names what it is proven by. */
export function ReceiptChain({ body, modelSlug, datanetSlug, settlement, counts }: ReceiptChainProps) {
  const { datanet, model } = body;
  return (
    <ol aria-label="The whole chain of this answer" className="flex flex-col text-sm">
      <ChainLink step="Contributors" proof={<a href="#who">their shares below</a>}>
        {counts.paid === 0 ? 'all authors of the version’s rows alike' : `${counts.paid} accounts`}
      </ChainLink>
      <ChainLink step="Rows" proof={<Hash value={body.attribution.indexSha256} what="hash of the attribution index" />}>
        {counts.influential} with estimated influence{counts.read > 0 && `, ${counts.read} read`}
      </ChainLink>
      <ChainLink step="Datanet" proof={<Hash value={datanet.root} what="root of the version" />}>
        <Link className="link" href={`/datanets/${datanetSlug}`}>
          {datanetSlug}
        </Link>
        ,{' '}
        <Link className="link" href={`/datanets/${datanetSlug}?tab=versions`}>
          version {datanet.number}
        </Link>
      </ChainLink>
      <ChainLink step="Model" proof={<Hash value={model.versionHash} what="model version" />}>
        <Link className="link" href={`/models/${modelSlug}`}>
          {modelSlug}
        </Link>{' '}
        on {model.baseModel}
      </ChainLink>
      <ChainLink step="Answer" proof={<Hash value={body.outputHash} what="salted hash of the answer" />}>
        {body.payer ? <Address address={body.payer} copy={false} /> : 'a visitor, free of charge'}
      </ChainLink>
      <ChainLink
        step="Receipt"
        proof={
          <span>
            signed by <Address address={body.gateway} copy={false} />
          </span>
        }
      >
        <Hash value={body.id} what="receipt id" />
      </ChainLink>
      <ChainLink
        step="Payout"
        proof={
          settlement.period && (
            <Link className="link" href={`/rewards/periods/${settlement.period.number}`}>
              period {settlement.period.number}
            </Link>
          )
        }
      >
        {payoutText(body, settlement)}
      </ChainLink>
    </ol>
  );
}

function ChainLink({ step, proof, children }: { step: string; proof: ReactNode; children: ReactNode }) {
  return (
    <li className="grid grid-cols-[7rem_1fr] gap-x-4 border-l-2 border-border py-1.5 pl-4 md:grid-cols-[7rem_1fr_18rem]">
      <span className="text-muted">{step}</span>
      <span className="min-w-0 break-words">{children}</span>
      <span className="col-start-2 min-w-0 text-xs text-muted md:col-start-3">{proof}</span>
    </li>
  );
}

function payoutText(body: ReceiptBody, { period }: ReceiptSettlement): string {
  if (BigInt(body.feeWei) === 0n) return 'nothing, the answer was free';
  if (!period) return 'waits for the next reward period';
  return period.state === 'active' ? 'claimable' : `on chain, ${period.state}`;
}
