import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Section } from '#components/ui/section.tsx';
import type { RunBill } from '#lib/model-factory/types.ts';
import { formatCount } from './format.ts';
import { Facts } from './recipe-facts.tsx';

/** What a run costs: held while it is open, and for each piece that ended what was charged and why. Nothing where it was free. */
export function RunBills({ bills }: { bills: readonly RunBill[] }) {
  if (bills.length === 0) return null;
  const feeWei = bills.reduce((sum, bill) => sum + bill.feeWei, 0n);
  return (
    <Section title="What it costs">
      <div className="flex flex-col gap-4">
        {bills.map((bill, i) => (
          <div key={bill.id} className="flex flex-col gap-2">
            {bills.length > 1 && <h3 className="text-sm font-medium">Part {i + 1}</h3>}
            <p className="text-sm text-muted">{sentenceOf(bill)}</p>
            <Facts items={factsOf(bill)} />
          </div>
        ))}
        {bills.length > 1 && <Facts items={[['Charged in all', <Amount key="all" wei={feeWei} />]]} />}
      </div>
    </Section>
  );
}

function sentenceOf({ status, outcome, feeWei, ceilingWei }: RunBill): string {
  if (status === 'held')
    return ceilingWei === 0n
      ? 'It fits into the day’s free tokens.'
      : 'Held on the deposit until the run ends or is stopped.';
  if (outcome === 'ours') return 'It failed by our fault, so this part cost nothing and the hold was given back.';
  if (outcome === 'running')
    return 'What had been trained until then was charged, as long runs are every quarter of an hour.';
  if (feeWei === 0n) return 'The day’s free tokens paid for it.';
  return 'What was trained was charged; the rest of the hold was given back.';
}

function factsOf(bill: RunBill) {
  const { status, tokens, freeTokens, weiPerThousandTokens, ceilingWei, feeWei, receiptId } = bill;
  const price = ['Price of 1,000 tokens', <Amount key="price" wei={weiPerThousandTokens} />] as const;
  if (status === 'held') return [price, ['Held', <Amount key="held" wei={ceilingWei} />] as const];
  return [
    ['Trained tokens', formatCount(tokens)] as const,
    ['of them free', formatCount(freeTokens)] as const,
    price,
    ['Charged', <Amount key="fee" wei={feeWei} />] as const,
    ...(receiptId
      ? [
          [
            'Receipt',
            <Link key="receipt" className="link figures" href={`/receipts/${receiptId}`}>
              {receiptId.slice(-8)}
            </Link>,
          ] as const,
        ]
      : []),
  ];
}
