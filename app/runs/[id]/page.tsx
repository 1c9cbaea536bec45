import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { registerVoucher } from '#app/keys/actions.ts';
import { RunCertificate } from '#components/audits/run-certificate.tsx';
import { Columns } from '#components/layout/columns.tsx';
import { Page } from '#components/layout/page.tsx';
import { ForkForm } from '#components/model-factory/fork-form.tsx';
import { MergedModels } from '#components/model-factory/merged-models.tsx';
import { Facts, RecipeFacts, RootFact } from '#components/model-factory/recipe-facts.tsx';
import { RunBills } from '#components/model-factory/run-bills.tsx';
import { RunLive } from '#components/model-factory/run-live.tsx';
import { Address } from '#components/ui/address.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { tenthsRange } from '#lib/kernel/mix-weights.ts';
import { loadRun } from './_data.ts';
import { EvaluationSection } from './_evaluation-section.tsx';
import { PublishSection } from './_publish-section.tsx';
import { cancelRunAction, forkRunAction, resumeRunAction, stopRunAction } from './actions.ts';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadRun((await params).id);
  return { title: loaded ? `${loaded.run.name}, training run` : 'Training run' };
}

/** One training: curves that arrive live, samples, Stop and Resume, and at the end its publication. */
export default async function RunPage({ params }: Props) {
  const loaded = await loadRun((await params).id);
  if (!loaded) notFound();
  const { run, config, events } = loaded;
  return (
    <Page title={run.name} eyebrow={<Link href="/models">Models</Link>}>
      <Columns side={<Pinned {...loaded} />}>
        <RunLive
          run={run}
          events={events}
          parts={config.parts}
          actions={{ stop: stopRunAction, resume: resumeRunAction, cancel: cancelRunAction, registerVoucher }}
        />
        <RunBills bills={loaded.bills} />
        {config.merged.length > 0 && <MergedModels merged={config.merged} comparison={loaded.comparison} />}
        {run.status === 'succeeded' && <EvaluationSection loaded={loaded} />}
        {run.status === 'succeeded' && <PublishSection loaded={loaded} />}
        {loaded.audit && <RunCertificate report={loaded.audit} modelSlug={run.modelSlug} />}
        {loaded.isOwner && config.checkpointStep > 0 && (
          <ForkForm
            runId={run.id}
            name={run.name}
            step={config.checkpointStep}
            recipe={config.recipe}
            fork={forkRunAction}
            registerVoucher={registerVoucher}
          />
        )}
      </Columns>
    </Page>
  );
}

type Loaded = NonNullable<Awaited<ReturnType<typeof loadRun>>>;

/** What decides the result: the same base, rows, recipe and seed give the same adapter. */
function Pinned({ run, config, events, isOwner }: Pick<Loaded, 'run' | 'config' | 'events' | 'isOwner'>) {
  const started = events.findLast((event) => event.type === 'started');
  return (
    <Section title="What it is made of">
      <div className="flex flex-col gap-4">
        <Facts
          items={[
            ['Started by', <Address key="owner" address={run.owner} you={isOwner} />],
            ['Base', <span key="base">{run.baseModel}</span>],
            ...dataFacts(run, config.parts),
            [
              config.parts.length > 0 ? 'Root over the parts' : 'Version’s root',
              <RootFact key="root" value={config.root} />,
            ],
            ...(config.merged.length > 0 ? [] : recipeFacts(run.preset, config.seed)),
            ...(config.forkedFromRunId
              ? [
                  [
                    'Forked from',
                    <Link key="fork" className="link" href={`/runs/${config.forkedFromRunId}`}>
                      a run’s step {config.forkedFromStep}
                    </Link>,
                  ] as const,
                ]
              : []),
            ...(started
              ? [['Attribution', started.data.attributable === false ? 'not certified' : 'certifiable'] as const]
              : []),
            ['Created', <TimeAgo key="created" at={run.createdAt} />],
          ]}
        />
        {config.merged.length === 0 && <RecipeFacts recipe={config.recipe} />}
      </div>
    </Section>
  );
}

function recipeFacts(preset: string, seed: number): [string, ReactNode][] {
  return [
    ['Recipe', preset],
    [
      'Seed',
      <span key="seed" className="figures">
        {seed}
      </span>,
    ],
  ];
}

/** The version, or the versions of a mix with how often a pass read their rows. */
function dataFacts(run: Loaded['run'], parts: Loaded['config']['parts']): [string, ReactNode][] {
  const link = ({ slug, title }: { slug: string; title: string }) => (
    <Link key={slug} className="link" href={`/datanets/${slug}`}>
      {title}
    </Link>
  );
  if (parts.length === 0)
    return [
      ['Datanet', link(run.datanet)],
      ['Version', `${run.version.number} (${run.version.rowCount} rows)`],
    ];
  const weighed = parts.map(({ datanet, number, rowCount, tenths }): [string, ReactNode] => [
    `Weight ${tenths / tenthsRange.once}×`,
    <span key={datanet.id}>
      {link(datanet)}, version {number} ({rowCount} rows)
    </span>,
  ]);
  return [['Data', link(run.datanet)], ...weighed];
}
