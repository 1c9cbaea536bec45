import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { Page } from '#components/layout/page.tsx';
import { PrintButton } from '#components/receipts/print-button.tsx';
import { TaskOffer } from '#components/tasks/task-offer.tsx';
import { TaskTree } from '#components/tasks/task-tree.tsx';
import { TaskWords } from '#components/tasks/task-words.tsx';
import { VerifyTaskButton } from '#components/tasks/verify-task-button.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { acceptTaskAction, registerVoucher } from '../actions.ts';
import { loadTask } from './_data.ts';

type Props = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: 'Task of an app' };

/** What an app or agent did for somebody: who asked, what it charged, whom it called, and what proves it. */
export default async function TaskPage({ params }: Props) {
  const loaded = await loadTask((await params).id);
  if (!loaded) notFound();
  const { chain, view, offer, url } = loaded;
  const { task, hash, receipt } = view;
  const hashes: [string, string][] = [
    ['Opening', hash],
    ['What was asked, salted', task.requestHash],
    ...(receipt ? ([['Receipt', receipt.hash]] satisfies [string, string][]) : []),
    ...(receipt?.body.outputHash
      ? ([['What was delivered, salted', receipt.body.outputHash]] satisfies [string, string][])
      : []),
  ];
  return (
    <Page
      title={`Task of ${task.name}`}
      eyebrow={<Link href="/explorer?kind=receipts">Receipts</Link>}
      actions={<PrintButton />}
    >
      <TaskWords view={view} />
      {offer && (
        <Section id="agree" title="Your agreement" className="print:hidden">
          <TaskOffer {...offer} taskId={task.id} accept={acceptTaskAction} registerVoucher={registerVoucher} />
        </Section>
      )}
      <Section title="Who called whom" intro="Each names the one that it worked for, and lists whom it called.">
        <TaskTree {...chain} />
      </Section>
      <Section
        title="Proof"
        intro="Checks every signature and every link from both of its ends: the inner one names the opening of the outer one, the outer one lists the receipt and fee of the inner one."
        action={
          <a className="link text-sm print:hidden" href={`/api/v1/tasks/${task.id}`}>
            JSON
          </a>
        }
      >
        <VerifyTaskButton taskId={task.id} />
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
        <p className="hidden text-sm print:mt-4 print:block">
          Printed from {url}. Whoever has the project verifies it with: npm run verify -- {task.id}
        </p>
      </Section>
    </Page>
  );
}
