import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Pagination } from '#components/ui/pagination.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { InvalidCursorError } from '#lib/datanets/errors.ts';
import { listContributors } from '#lib/datanets/list-contributors.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';
import type { Viewer } from '../_data.ts';
import { hrefWith } from '../_href.ts';

/** Who wrote the rows, and what that has brought them. */
export async function ContributorsTab({
  datanet,
  viewer,
  after,
}: {
  datanet: DatanetDetail;
  viewer: Viewer;
  after: string | undefined;
}) {
  const { db } = buildDeps();
  const page = await listContributors(db, { datanetId: datanet.id, after }).catch((error) => {
    if (error instanceof InvalidCursorError) return listContributors(db, { datanetId: datanet.id });
    throw error;
  });
  const base = `/datanets/${datanet.slug}`;
  if (page.items.length === 0) {
    return (
      <EmptyState
        title="Nobody has contributed yet"
        action={
          <LinkButton href={`${base}/contribute`} variant="primary">
            Be the first
          </LinkButton>
        }
      />
    );
  }
  return (
    <div>
      <Table label={`Contributors of ${datanet.title}`}>
        <thead>
          <tr>
            <Th>Contributor</Th>
            <Th numeric>Accepted</Th>
            <Th numeric>Waiting</Th>
            <Th numeric className="hidden sm:table-cell">
              Rejected
            </Th>
            <Th className="hidden md:table-cell">Last row</Th>
            <Th numeric>Earned</Th>
          </tr>
        </thead>
        <tbody>
          {page.items.map((person) => (
            <Tr key={person.contributor}>
              <Td>
                <Address
                  address={person.contributor}
                  handle={person.handle}
                  href={hrefWith(base, { contributor: person.contributor })}
                  you={person.contributor === viewer.address}
                />
              </Td>
              <Td numeric>{person.accepted.toLocaleString('en')}</Td>
              <Td numeric>
                <StateLink base={base} person={person.contributor} status="pending" count={person.pending} />
              </Td>
              <Td numeric className="hidden sm:table-cell">
                <StateLink base={base} person={person.contributor} status="rejected" count={person.rejected} />
              </Td>
              <Td className="hidden text-muted md:table-cell">
                <TimeAgo at={person.lastAt} />
              </Td>
              <Td numeric>
                <Amount wei={person.earnedWei} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      <Pagination
        label="Pages of contributors"
        firstHref={after && `${base}?tab=contributors`}
        nextHref={page.nextCursor ? hrefWith(base, { tab: 'contributors', after: page.nextCursor }) : undefined}
      />
    </div>
  );
}

function StateLink(props: { base: string; person: string; status: string; count: number }) {
  if (props.count === 0) return <>0</>;
  return (
    <Link href={hrefWith(props.base, { contributor: props.person, status: props.status })} className="link">
      {props.count.toLocaleString('en')}
    </Link>
  );
}
