import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { RowsClosed } from '#components/access/rows-closed.tsx';
import { FlagList } from '#components/datanets/review/flag-list.tsx';
import { ReviewQueue } from '#components/datanets/review/review-queue.tsx';
import { OpenRound } from '#components/datanets/rounds/open-round.tsx';
import { Address } from '#components/ui/address.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { reviewQueue } from '#lib/contributions/review-queue.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import { findLastMeasurement } from '#lib/harm/find-last-measurement.ts';
import { listDecidedFlags, listOpenFlags } from '#lib/harm/list-flags.ts';
import type { HarmMeasurement } from '#lib/harm/types.ts';
import { findRowsInRounds } from '#lib/validation/find-rows-in-rounds.ts';
import { loadAccess } from '../../_access.ts';
import { loadDatanet } from '../../_data.ts';
import { hrefWith, readParams, type SearchParams } from '../../_href.ts';
import { decideFlagAction, reviewExamplesAction } from '../../actions.ts';
import { openRoundAction } from '../../validation-actions.ts';
import { DatanetFrame } from '../_header.tsx';
import { Rounds } from '../_rounds.tsx';
import { SealedRowsTab } from '../_sealed-rows-tab.tsx';
import { Seats } from '../_seats.tsx';

type Props = { params: Promise<{ slug: string }>; searchParams: SearchParams };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const loaded = await loadDatanet((await params).slug);
  return { title: loaded ? `Review ${loaded.datanet.title}` : 'Review' };
}

/** The review queue: the owner and curators read it and decide; everybody else sees what is theirs, and how much waits on whom. */
export default async function ReviewPage({ params, searchParams }: Props) {
  const loaded = await loadDatanet((await params).slug);
  if (!loaded) notFound();
  const { datanet, viewer } = loaded;
  const { after } = await readParams(searchParams);
  const access = await loadAccess(datanet.id);
  if (!access.mayRead || access.tier === 'encrypted') {
    return (
      <DatanetFrame datanet={datanet} tab="review">
        {access.tier === 'encrypted' ? (
          <SealedRowsTab datanet={datanet} mayRead={access.mayRead} status="pending" />
        ) : (
          <RowsClosed slug={datanet.slug} tier={access.tier} />
        )}
      </DatanetFrame>
    );
  }
  const page = await reviewQueue(buildDeps(), await getActor(), { datanetId: datanet.id, after });
  const inRounds = await findRowsInRounds(
    buildDeps().db,
    page.items.map(({ id }) => id),
  );
  // What waits is not published: whoever could compare a round's places with it would know which of them are gold.
  const rows = page.items.filter(({ data }) => data !== null);
  const free = page.items.filter((row) => !row.improves && !inRounds.has(row.id));
  const base = `/datanets/${datanet.slug}/review`;
  return (
    <DatanetFrame datanet={datanet} tab="review">
      <Seats datanet={datanet} you={viewer.address} />
      {rows.length === 0 ? (
        <EmptyState
          title={page.items.length > 0 ? 'What waits is not published' : 'Nothing waits for review'}
          action={<LinkButton href={`/datanets/${datanet.slug}/contribute`}>Contribute rows</LinkButton>}
        >
          {viewer.isCurator
            ? 'New rows appear here, oldest first, until you or another curator decides.'
            : 'Rows that wait are read by their authors, the owner, the curators, and validators who are dealt them. Yours appear here until somebody decides.'}
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-4">
          {!viewer.isCurator && <WhoDecides datanet={datanet} />}
          <ReviewQueue
            datanetId={datanet.id}
            slug={datanet.slug}
            rows={rows}
            fields={datanet.fields}
            you={viewer.address}
            canDecide={viewer.isCurator}
            inRounds={[...inRounds]}
            review={reviewExamplesAction}
          />
          <Pagination
            label="Pages of the queue"
            firstHref={after && base}
            nextHref={page.nextCursor ? hrefWith(base, { after: page.nextCursor }) : undefined}
          />
        </div>
      )}
      {viewer.isCurator && free.length > 0 && (
        <OpenRound datanetId={datanet.id} exampleIds={free.map(({ id }) => id)} open={openRoundAction} />
      )}
      <Rounds datanet={datanet} you={viewer.address} />
      {viewer.isCurator && <Flags datanet={datanet} you={viewer.address} />}
    </DatanetFrame>
  );
}

/** For the owner and curators: an open flag is a suspicion about somebody. */
async function Flags({ datanet, you }: { datanet: DatanetDetail; you: string | null }) {
  const { db } = buildDeps();
  const [open, decided, last] = await Promise.all([
    listOpenFlags(db, datanet.id),
    listDecidedFlags(db, datanet.id),
    findLastMeasurement(db, datanet.id),
  ]);
  if (open.length + decided.length === 0 && !last) return null;
  return (
    <Section
      title="Flagged rows"
      intro="Rows that seem to do harm, or that somebody reported. Nothing happens until a curator decides, and nobody loses what they earned. Evidence is an estimate: read the rows."
    >
      {open.length > 0 ? (
        <FlagList flags={open} fields={datanet.fields} you={you} decide={decideFlagAction} />
      ) : (
        <p className="text-sm text-muted">No flag waits for a decision.</p>
      )}
      {last && <LastMeasurement last={last} />}
      {decided.length > 0 && (
        <details className="mt-6">
          <summary className="cursor-pointer text-sm font-medium">Decided ({decided.length})</summary>
          <FlagList flags={decided} fields={datanet.fields} you={you} />
        </details>
      )}
    </Section>
  );
}

function WhoDecides({ datanet }: { datanet: DatanetDetail }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      Your rows that wait. These people decide about them:
      {[datanet.owner, ...datanet.curators].map((address) => (
        <Address key={address} address={address} copy={false} />
      ))}
    </p>
  );
}

function LastMeasurement({ last }: { last: HarmMeasurement }) {
  return (
    <p className="mt-4 text-sm text-muted">
      Last measured <TimeAgo at={last.measuredAt} />:{' '}
      {last.probes === 0
        ? 'not possible, because the version has too few rows or the model’s base is not on this server.'
        : `${last.rows} trained rows of ${last.contributors} people against ${last.probes} answers that other people gave.`}{' '}
      Each listed model is measured once.
    </p>
  );
}
