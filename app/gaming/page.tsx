import type { Metadata } from 'next';
import Link from 'next/link';
import { AttackForm } from '#components/attacks/attack-form.tsx';
import { AttackRunList } from '#components/attacks/attack-run-list.tsx';
import { attackTexts } from '#components/attacks/attack-texts.ts';
import { type ComparedFigures, ComparedTable } from '#components/attacks/compared-table.tsx';
import { FiguresTable } from '#components/attacks/figures-table.tsx';
import { Page } from '#components/layout/page.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import figuresJson from '#lib/attacks/figures.json' with { type: 'json' };
import type { AttackFigures, AttackName, AttackRunView } from '#lib/attacks/types.ts';
import { loadGaming } from './_data.ts';
import { Proven } from './_proven.tsx';
import { startAttackAction } from './actions.ts';

export const metadata: Metadata = {
  title: 'Can this be gamed?',
  description: 'Run an attack on a sandbox copy of a Datanet and see who is paid before and after.',
};

/** Written by the command that it names. */
const figures = figuresJson as unknown as {
  command: string;
  date: string;
  table: Partial<Record<string, AttackFigures>>;
  compared: ComparedFigures[];
};

/** Attacks on a sandbox copy, what is proven, what is only measured, and what others found. Works without a wallet. */
export default async function GamingPage({ searchParams }: { searchParams: Promise<{ version?: string }> }) {
  const { versions, open, results, initial } = await loadGaming((await searchParams).version);
  return (
    <Page
      title="Can this be gamed?"
      eyebrow={<Link href="/explorer">Explorer</Link>}
      intro="Try it. An attack runs on a sandbox copy of a Datanet: a real model is trained before and after, asked the same questions, and every account is paid by the real rules."
    >
      <Section title="Run an attack">
        {initial ? (
          <AttackForm versions={versions} initialVersion={initial.id} start={startAttackAction} />
        ) : (
          <EmptyState
            title="No version is large enough yet"
            action={<LinkButton href="/datanets">See the Datanets</LinkButton>}
          >
            A sandbox needs a frozen version with at least 30 rows.
          </EmptyState>
        )}
        {open.length > 0 && <OpenRuns runs={open} />}
      </Section>
      <Section
        title="What came out so far"
        intro="The same Datanet version, attack and draw come out the same, so that results are kept."
      >
        {results.length > 0 ? (
          <AttackRunList runs={results} />
        ) : (
          <p className="text-sm text-muted">Nobody has run an attack here yet.</p>
        )}
      </Section>
      <Proven />
      <Section
        title="What was measured"
        intro={`Each attack on ${figures.table.control!.trials} small made-up worlds of 120 rows and 12 contributors. Gain is what the attackers have after for each unit that is honestly theirs: where an attack changes the training, the mean of four trainings in which a stranger adds one row. “No attack” is a fifth such training: what it differs from 1 is chance.`}
      >
        <FiguresTable table={figures.table} />
        <h3 className="title-small mt-8 mb-3">Without one of the defences</h3>
        <ComparedTable compared={figures.compared} table={figures.table} />
        <p className="mt-4 mb-2 text-sm text-muted">Measured on {figures.date} by the command that anybody can run:</p>
        <CodeBlock label="measure" code={figures.command} />
      </Section>
    </Page>
  );
}

function OpenRuns({ runs }: { runs: readonly AttackRunView[] }) {
  return (
    <ul className="mt-6 flex flex-col gap-1 text-sm" aria-label="Attacks under way">
      {runs.map(({ id, attack, datanet, status }) => (
        <li key={id}>
          <Link href={`/gaming/${id}`} className="link">
            {attackTexts[attack as AttackName]?.title ?? attack}, {datanet.title}
          </Link>{' '}
          <span className="text-muted">{status === 'queued' ? 'waits' : 'runs now'}</span>
        </li>
      ))}
    </ul>
  );
}
