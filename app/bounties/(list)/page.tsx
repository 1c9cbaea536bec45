import type { Metadata } from 'next';
import Link from 'next/link';
import { readParams, type SearchParams } from '#app/datanets/_href.ts';
import { BountyTable } from '#components/bounties/bounty-table.tsx';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Section } from '#components/ui/section.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { listBountiesSchema } from '#lib/bounties/schema.ts';
import type { Wish } from '#lib/bounties/types.ts';
import { loadBounties } from '../_data.ts';

export const metadata: Metadata = {
  title: 'Data wanted',
  description: 'Bounties for rows that are missing, and trainings that many pay for. The money waits in a contract.',
};

/** All bounties, and what the reader's own use showed to be missing. */
export default async function BountiesPage({ searchParams }: { searchParams: SearchParams }) {
  const parsed = listBountiesSchema.safeParse(await readParams(searchParams));
  const input = parsed.success ? parsed.data : {}; // a damaged address shows the whole list
  const { page, wishes } = await loadBounties(input);
  const query = input.datanet ? `datanet=${encodeURIComponent(input.datanet)}&` : '';
  return (
    <Page
      title="Data wanted"
      intro="Money behind a written goal: rows that are missing, or a training that many pay for. A contract holds it, pays authors whose rows are in the Datanet on chain, and gives back what nobody was awarded."
      actions={
        <LinkButton href={`/bounties/new${input.datanet ? `?datanet=${input.datanet}` : ''}`} variant="primary">
          Write a goal
        </LinkButton>
      }
    >
      {page.items.length === 0 ? (
        <EmptyState
          title={input.datanet ? 'Nothing is wanted for this Datanet' : 'Nothing is wanted yet'}
          action={<LinkButton href="/bounties/new">Write the first goal</LinkButton>}
        >
          A goal takes a minute; money behind it is a second step, and anyone may add to it.
        </EmptyState>
      ) : (
        <div>
          <BountyTable items={page.items} />
          <Pagination
            label="Pages of bounties"
            firstHref={input.after && `/bounties?${query}`}
            nextHref={page.nextCursor ? `/bounties?${query}after=${page.nextCursor}` : undefined}
          />
        </div>
      )}
      {wishes.length > 0 && <Wishes wishes={wishes} />}
    </Page>
  );
}

function Wishes({ wishes }: { wishes: readonly Wish[] }) {
  return (
    <Section title="From your own use" intro="Only you see this list. Making a bounty of a line publishes its words.">
      <ul className="flex flex-col divide-y divide-hairline border-y border-hairline">
        {wishes.map(({ source, title, why, datanet, createdAt }) => (
          <li key={source.id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3">
            <div>
              <p className="font-medium">{title}</p>
              <p className="text-sm text-muted">
                {why} {datanet.title}, <TimeAgo at={createdAt} />.
              </p>
            </div>
            <Link href={`/bounties/new?from=${source.id}`} className="link text-sm">
              Make a bounty
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
