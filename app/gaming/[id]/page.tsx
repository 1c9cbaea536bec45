import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { AttackRunResult } from '#components/attacks/attack-run-result.tsx';
import { AttackRunState } from '#components/attacks/attack-run-state.tsx';
import { attackTexts } from '#components/attacks/attack-texts.ts';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { ErrorState } from '#components/ui/error-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import type { AttackName } from '#lib/attacks/types.ts';
import { loadAttackRun } from '../_data.ts';
import { stopAttackAction } from '../actions.ts';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadAttackRun((await params).id);
  return { title: loaded ? attackTexts[loaded.run.attack as AttackName].title : 'Attack' };
}

/** One attack on a sandbox copy: how far it is, or what it brought. */
export default async function AttackPage({ params }: Props) {
  const loaded = await loadAttackRun((await params).id);
  if (!loaded) notFound();
  const { run, isOwn } = loaded;
  const { title, text } = attackTexts[run.attack as AttackName];
  const isOpen = run.status === 'queued' || run.status === 'running' || run.status === 'stopping';
  return (
    <Page
      title={title}
      eyebrow={<Link href="/gaming">Can this be gamed?</Link>}
      intro={text}
      actions={<LinkButton href={`/gaming?version=${run.version.id}`}>Try another</LinkButton>}
    >
      <p className="text-sm text-muted">
        On a sandbox copy of{' '}
        <Link href={`/datanets/${run.datanet.slug}`} className="link">
          {run.datanet.title}
        </Link>
        , version {run.version.number}, base {run.baseModel}, draw {run.seed}.
      </p>
      {isOpen && <AttackRunState run={run} stop={isOwn ? stopAttackAction : undefined} />}
      {run.status === 'done' && run.result && <AttackRunResult result={run.result} />}
      {run.status === 'failed' && <ErrorState title="The attack did not come to an end">{run.errorMessage}</ErrorState>}
      {run.status === 'stopped' && (
        <EmptyState title="This attack was stopped" action={<LinkButton href="/gaming">Run it again</LinkButton>}>
          Nothing was measured, and nothing else changed.
        </EmptyState>
      )}
    </Page>
  );
}
