import Link from 'next/link';
import type { ReactNode } from 'react';
import { tierWords } from '#components/access/tier-words.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { Tier } from '#lib/access/types.ts';
import type { ChainTerms, DatanetDetail } from '#lib/datanets/types.ts';
import { poolOf } from '#lib/kernel/pool-of.ts';
import { languageName } from './domain-name.ts';

/** The card: people, licence, language, chain entry; description and rubric unfold. */
export function DatanetFacts({
  datanet,
  you,
  tier,
  terms,
}: {
  datanet: DatanetDetail;
  you: string | null;
  tier: Tier;
  /** What the registry holds it to; null while it is not registered. */
  terms: ChainTerms | null;
}) {
  const people = (addresses: readonly string[]) =>
    addresses.length === 0 ? (
      <span className="text-muted">none appointed</span>
    ) : (
      <span className="flex flex-wrap gap-x-3 gap-y-1">
        {addresses.map((address) => (
          <Address key={address} address={address} you={address === you} copy={false} />
        ))}
      </span>
    );
  const facts: [string, ReactNode][] = [
    ['Owner', <Address key="owner" address={datanet.owner} you={datanet.owner === you} copy={false} />],
    ['Curators', people(datanet.curators)],
    [
      'Who reads',
      <Link key="tier" className="link" href={`/datanets/${datanet.slug}/access`}>
        {tier === 'public' ? 'everybody' : tierWords[tier].title.toLowerCase()}
      </Link>,
    ],
    ['Licence', datanet.license],
    ['Language', languageName(datanet.language)],
    ['Created', <TimeAgo key="created" at={datanet.createdAt} />],
    ['Chain entry', <ChainEntry key="chain" registryId={datanet.registryId} />],
    ...(terms ? [['Rules on chain', <ChainRules key="rules" terms={terms} />] satisfies [string, ReactNode]] : []),
    ['Terms', <Hash key="terms" value={datanet.metaHash} what="hash of the terms" className="text-xs" />],
  ];
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm lg:grid-cols-4">
        {facts.map(([label, value]) => (
          <div key={label} className="flex flex-col gap-0.5">
            <dt className="label-small">{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details className="border-y border-hairline py-2 text-sm">
        <summary className="min-h-6 py-1 font-medium">What belongs in, and how rows are judged</summary>
        <div className="grid grid-cols-1 gap-8 py-4 lg:grid-cols-[3fr_2fr]">
          <div className="prose-measure flex flex-col gap-3">
            {datanet.description.split(/\n{2,}/).map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </div>
          <div>
            <h2 className="title-small mb-2">Curators ask of each row</h2>
            <ol className="list-decimal pl-5 [&>li]:mb-1.5">
              {datanet.rubric.map((rule) => (
                <li key={rule}>{rule}</li>
              ))}
            </ol>
          </div>
        </div>
      </details>
    </div>
  );
}

function ChainRules({ terms }: { terms: ChainTerms }) {
  const { policy, access } = terms;
  const { curatorQuorum, joinStake } = policy;
  return (
    <span>
      {curatorQuorum > 1 ? `${curatorQuorum} curators approve a version` : 'one curator approves a version'}
      {joinStake > 0n && (
        <>
          ; <Amount wei={joinStake} /> at stake to propose
        </>
      )}
      ; {access === 0 ? 'everybody may propose' : 'only people with a role propose'}
      {policy.ownerBps > 0 && `; it names ${policy.ownerBps / 100} % for the owner, which nothing pays`}
    </span>
  );
}

function ChainEntry({ registryId }: { registryId: string | null }) {
  return registryId === null ? (
    <Status tone="warn">not registered yet</Status>
  ) : (
    <span className="flex flex-wrap gap-x-4">
      <Status tone="good">No. {registryId} in the registry</Status>
      <Link className="link" href={`/staking/${poolOf('datanet', registryId)}`}>
        Stake
      </Link>
    </span>
  );
}
