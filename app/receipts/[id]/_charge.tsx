import Link from 'next/link';
import { Page } from '#components/layout/page.tsx';
import { chargeParts } from '#components/receipts/charge-parts.tsx';
import { PrintButton } from '#components/receipts/print-button.tsx';
import { SettlementSteps } from '#components/receipts/settlement-steps.tsx';
import { VerifyChargeButton } from '#components/receipts/verify-charge-button.tsx';
import { Section } from '#components/ui/section.tsx';
import type { PassReceipt } from '#lib/kernel/pass-receipt.ts';
import type { Charge } from './_data.ts';
import { FactGrid, HashList } from './_facts.tsx';

/** A receipt of something else than an answer: in plain words, in figures, where the money goes, and with what proves it. */
export function ChargeReceiptPage({ receipt: { body, hash, datanetSlug }, settlement, url }: Charge) {
  const { title, words, facts, hashes } = chargeParts(body, datanetSlug);
  const rowsWei = body.kind === 'pass' ? paidToRows(body.split, settlement.lines) : 0n;
  return (
    <Page title={title} eyebrow={<Link href="/explorer?kind=receipts">Receipts</Link>} actions={<PrintButton />}>
      {words}
      <Section title="In figures">
        <FactGrid facts={facts} />
      </Section>
      <Section id="money" title="Where the money goes">
        <SettlementSteps challenge={null} settlement={settlement} feeWei={BigInt(body.feeWei)} rowsWei={rowsWei} />
      </Section>
      <Section
        title="Proof"
        intro="Recomputes hash, signature, fee and split, and the way into the reward period. The command also asks the chain and recomputes the period with everybody’s amounts."
        action={
          <a className="link text-sm print:hidden" href={`/api/v1/receipts/${body.id}`}>
            JSON
          </a>
        }
      >
        <VerifyChargeButton receiptId={body.id} />
        <HashList hashes={[['Receipt', hash], ...hashes]} />
        <p className="hidden text-sm print:mt-4 print:block">
          Printed from {url}. Whoever has the project verifies it with: npm run verify -- {body.id}
        </p>
      </Section>
    </Page>
  );
}

/** About what a charge without lines of its own for the data left to the rows: in proportion to what its other lines got. */
function paidToRows({ data, ...others }: PassReceipt['split'], lines: Charge['settlement']['lines']): bigint {
  const otherBps = Object.values(others).reduce((sum, bps) => sum + bps, 0);
  const otherWei = lines.reduce((sum, line) => sum + line.amountWei, 0n);
  return otherBps === 0 ? 0n : (otherWei * BigInt(data)) / BigInt(otherBps);
}
