import Link from 'next/link';
import type { ReactNode } from 'react';
import { formatCount, formatSeconds } from '#components/model-factory/format.ts';
import { Facts, RecipeFacts, RootFact } from '#components/model-factory/recipe-facts.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import { poolOf } from '#lib/kernel/pool-of.ts';
import type { ModelDetail } from '#lib/model-factory/types.ts';

/** What the model is made of, each link to its proof: base, rows, recipe, seed, adapter, and the version on chain. */
export function ModelLineage({ model }: { model: ModelDetail }) {
  const { run, adapter, onChain } = model;
  const isMerge = model.merged.length > 0;
  return (
    <Section title="Lineage">
      <div className="flex flex-col gap-4">
        <Facts
          items={[
            ['Base', <span key="base">{adapter.baseModel}</span>],
            [
              'Rows',
              <Link key="rows" className="link" href={`/datanets/${model.datanet.slug}?tab=versions`}>
                {model.datanet.title}, version {model.version.number}
              </Link>,
            ],
            ['', `${formatCount(model.version.rowCount)} rows by ${model.contributorCount} contributors`],
            ...(model.copies
              ? [['Copies', `${formatCount(model.copies)} rows repeat older ones: left out`] as const]
              : []),
            ['Licence of the rows', model.license],
            ['Version’s root', <RootFact key="root" value={model.versionRoot} />],
            ...(isMerge ? mergeFacts(run) : trainingFacts(run)),
            [
              'Adapter',
              <Hash key="adapter" value={adapter.sha256} what="SHA-256 of the adapter" className="text-xs" />,
            ],
            [
              'Attribution index',
              <Hash key="index" value={adapter.indexSha256} what="SHA-256 of the index" className="text-xs" />,
            ],
            ['Version hash', <Hash key="hash" value={model.versionHash} what="version hash" className="text-xs" />],
          ]}
        />
        {!isMerge && <RecipeFacts recipe={model.recipe} />}
        {onChain ? (
          <div className="flex flex-col gap-3 border-t border-hairline pt-4">
            <p className="flex flex-wrap gap-x-4 text-sm">
              <Status tone="good">On chain as model {onChain.registryId}</Status>
              <Link className="link" href={`/staking/${poolOf('model', onChain.registryId)}`}>
                Stake
              </Link>
            </p>
            <Facts
              items={[
                [
                  'Version',
                  <span key="version" className="figures">
                    {onChain.number}
                  </span>,
                ],
                [
                  'Block',
                  <span key="block" className="figures">
                    {onChain.blockNumber}
                  </span>,
                ],
                [
                  'Transaction',
                  <Hash
                    key="tx"
                    value={onChain.txHash}
                    what="transaction"
                    className="text-xs"
                    href={`/explorer?tx=${onChain.txHash}`}
                  />,
                ],
                ['Head', <Hash key="head" value={onChain.head} what="head" className="text-xs" />],
              ]}
            />
            {!onChain.termsMatch && (
              <p className="text-sm text-warn">
                The split or owner registered on chain is not the one shown on this page. Do not rely on the split here.
              </p>
            )}
          </div>
        ) : (
          <Status tone="warn" live>
            Not on chain yet
          </Status>
        )}
      </div>
    </Section>
  );
}

type Fact = readonly [string, ReactNode];

function trainingFacts(run: ModelDetail['run']): Fact[] {
  return [
    [
      'Training run',
      <Link key="run" className="link" href={`/runs/${run.id}`}>
        {run.preset}, {run.steps ?? '–'} steps
      </Link>,
    ],
    ['Trained in', run.seconds === null ? '–' : formatSeconds(run.seconds)],
    [
      'Seed',
      <span key="seed" className="figures">
        {run.seed}
      </span>,
    ],
  ];
}

function mergeFacts(run: ModelDetail['run']): Fact[] {
  return [
    [
      'Merge',
      <Link key="run" className="link" href={`/runs/${run.id}`}>
        exact, nothing was trained
      </Link>,
    ],
  ];
}
