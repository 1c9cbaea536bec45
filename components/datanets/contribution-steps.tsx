import Link from 'next/link';
import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import type { Tone } from '#components/ui/badge.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Status } from '#components/ui/status.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ContributionView } from '#lib/contributions/types.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';

type Step = { title: string; tone: Tone; state: string; text: ReactNode };

/** From sent to paid: what is done, what waits, and for whom since when. */
export function ContributionSteps({
  contribution,
  datanet,
  inRounds,
  you,
}: {
  contribution: ContributionView;
  datanet: DatanetDetail;
  /** How many of its rows validators have now. */
  inRounds: number;
  you: string | null;
}) {
  return (
    <ol className="flex flex-col border-t border-hairline">
      {stepsOf(contribution, datanet, inRounds, you).map((step, i) => (
        <li
          key={step.title}
          className="grid grid-cols-[2rem_1fr] gap-x-2 gap-y-1 border-b border-hairline py-4 sm:grid-cols-[2rem_9rem_12rem_1fr]"
        >
          <span className="figures text-sm text-muted">{i + 1}</span>
          <span className="font-medium">{step.title}</span>
          <span className="col-start-2 sm:col-start-3">
            <Status tone={step.tone}>{step.state}</Status>
          </span>
          <div className="col-start-2 text-sm text-muted sm:col-start-4">{step.text}</div>
        </li>
      ))}
    </ol>
  );
}

function stepsOf(contribution: ContributionView, datanet: DatanetDetail, inRounds: number, you: string | null): Step[] {
  return [
    {
      title: 'Sent',
      tone: 'good',
      state: 'done',
      text: (
        <>
          <TimeAgo at={contribution.createdAt} /> by{' '}
          <Address address={contribution.contributor} you={contribution.contributor === you} copy={false} />, from{' '}
          {contribution.source}
        </>
      ),
    },
    reviewStep(contribution, inRounds, you),
    versionStep(contribution, datanet, you),
    earningStep(contribution, datanet),
  ];
}

function reviewStep(
  { counts, reviewers, createdAt, datanetSlug }: ContributionView,
  inRounds: number,
  you: string | null,
): Step {
  const decided = [
    counts.accepted > 0 && `${counts.accepted} accepted`,
    counts.rejected > 0 && `${counts.rejected} rejected`,
    counts.withdrawn > 0 && `${counts.withdrawn} withdrawn`,
    counts.superseded > 0 && `${counts.superseded} replaced by a better version`,
    counts.quarantined > 0 && `${counts.quarantined} taken out by a curator`,
  ].filter(Boolean);
  if (counts.pending === 0) {
    return {
      title: 'Review',
      tone: counts.accepted + counts.superseded > 0 ? 'good' : 'bad',
      state: 'done',
      text: `${decided.join(', ')}.`,
    };
  }
  if (inRounds >= counts.pending) {
    const text = (
      <>
        Validators judge them without seeing each other’s verdicts.{' '}
        <Link className="link" href={`/datanets/${datanetSlug}/review`}>
          On whom it waits
        </Link>
        .{decided.length > 0 && ` So far ${decided.join(', ')}.`}
      </>
    );
    return { title: 'Review', tone: 'warn', state: `${counts.pending} with validators`, text };
  }
  const text =
    reviewers.length === 0 ? (
      'Nobody can decide: the owner contributed these rows and has appointed no curator. The owner appoints one on the Datanet’s page.'
    ) : (
      <>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          One of these has to act:{' '}
          {reviewers.map((address) => (
            <Address key={address} address={address} you={address === you} copy={false} />
          ))}
        </span>
        <span className="block">
          Waiting since <TimeAgo at={createdAt} />.{decided.length > 0 && ` So far ${decided.join(', ')}.`}
        </span>
        {you && reviewers.some((address) => address === you) && (
          <LinkButton href={`/datanets/${datanetSlug}/review`} variant="primary" size="sm" className="mt-2">
            Review now
          </LinkButton>
        )}
      </>
    );
  return { title: 'Review', tone: 'warn', state: `${counts.pending} wait for a curator`, text };
}

function versionStep(contribution: ContributionView, datanet: DatanetDetail, you: string | null): Step {
  const { counts, unfrozen } = contribution;
  const title = 'In a version';
  if (counts.accepted === 0)
    return { title, tone: 'neutral', state: 'after the review', text: 'Models train on frozen versions.' };
  if (unfrozen > 0) {
    const text = (
      <>
        The owner <Address address={datanet.owner} you={datanet.owner === you} copy={false} /> or a curator freezes the
        next version
        {datanet.registryId === null && ', after the owner has registered the Datanet on chain'}.
      </>
    );
    return { title, tone: 'warn', state: `${unfrozen} wait for a version`, text };
  }
  const anchored = datanet.latestVersion?.anchored;
  return {
    title,
    tone: anchored ? 'good' : 'warn',
    state: anchored ? 'frozen and on chain' : 'frozen',
    text: anchored ? `Up to version ${datanet.latestVersion?.number}.` : 'The owner writes its root on chain next.',
  };
}

function earningStep(contribution: ContributionView, datanet: DatanetDetail): Step {
  const earned = contribution.rows.filter((row) => row.earnedWei > 0n).length;
  if (earned > 0) {
    return { title: 'Earning', tone: 'good', state: `${earned} rows have earned`, text: 'See what below, row by row.' };
  }
  return {
    title: 'Earning',
    tone: 'neutral',
    state: 'later',
    text:
      datanet.modelCount > 0
        ? 'Each paid answer that one of these rows shapes pays its author, once a model is trained on their version.'
        : 'Somebody trains and publishes a model on the version; each paid answer that a row shapes pays its author.',
  };
}
