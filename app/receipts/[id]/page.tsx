import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound, redirect } from 'next/navigation';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { RefreshWhile } from '#components/ui/refresh-while.tsx';
import { isChargeReceiptId } from '#lib/kernel/charge-receipt.ts';
import { ChargeReceiptPage } from './_charge.tsx';
import { loadCharge, loadReceipt } from './_data.ts';
import { Issued } from './_issued.tsx';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Receipt ${(await params).id}` };
}

/** A receipt, or how far it has come. */
export default async function ReceiptPage({ params }: Props) {
  const { id } = await params;
  // A task's receipt stands on the task's page.
  if (id.startsWith('rtk_')) redirect(`/tasks/${id.replace(/^rtk_/, 'task_')}`);
  if (isChargeReceiptId(id)) {
    const charge = await loadCharge(id);
    if (!charge) notFound();
    return <ChargeReceiptPage {...charge} />;
  }
  const loaded = await loadReceipt(id);
  if (!loaded) notFound();
  if (loaded.state === 'issued') return <Issued {...loaded.issued} />;
  return (
    <Page title="Receipt" eyebrow={<Link href="/explorer?kind=receipts">Receipts</Link>}>
      {loaded.open.state === 'attributing' ? (
        <EmptyState title="Attribution is being computed">
          The answer is complete; its sources are being scored. This page refreshes by itself.
          <RefreshWhile everyMs={1_500} />
        </EmptyState>
      ) : (
        <EmptyState title="No receipt for this answer">{loaded.open.reason}</EmptyState>
      )}
    </Page>
  );
}
