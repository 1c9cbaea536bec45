import Link from 'next/link';
import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ExampleDetail, ExampleEvent } from '#lib/contributions/types.ts';
import { improvementWords } from './role-words.ts';

/** A row's life, oldest step first. */
export function RowHistory({ example }: { example: ExampleDetail }) {
  return (
    <section>
      <h2 className="title-small mb-2">History</h2>
      <ol className="flex flex-col border-l border-hairline text-sm">
        {example.history.map((event) => (
          <li key={`${event.kind}${event.at.getTime()}`} className="py-1 pl-4">
            {sentenceOf(event, (id) => `/datanets/${example.datanetSlug}/rows/${id}`)}
            <span className="ml-2 text-muted">
              <TimeAgo at={event.at} />
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function sentenceOf(event: ExampleEvent, hrefOf: (id: string) => string): ReactNode {
  const by = 'by' in event && <Address address={event.by} copy={false} />;
  const rowLink = (id: string, text: string) => (
    <Link className="link" href={hrefOf(id)}>
      {text}
    </Link>
  );
  switch (event.kind) {
    case 'contributed':
      return (
        <>
          Contributed by {by} ({event.source})
        </>
      );
    case 'proposed':
      return (
        <>
          Proposed by {by} as a {improvementWords[event.role]} of {rowLink(event.parentId, 'another row')}
        </>
      );
    case 'accepted':
      return <>Accepted by {by}</>;
    case 'rejected':
      return (
        <>
          Rejected by {by}
          {event.reason && `: ${event.reason}`}
        </>
      );
    case 'judged':
      return (
        <>
          {event.isAppeal ? 'A jury of other validators' : 'Validators'}{' '}
          {event.outcome === 'undecided'
            ? 'did not agree'
            : event.isAppeal && event.outcome === 'rejected'
              ? 'upheld the rejection'
              : `${event.outcome} it`}{' '}
          (round {event.roundId.slice(-6)})
        </>
      );
    case 'appealed':
      return (
        <>
          Appealed by {by}
          {event.reason && `: ${event.reason}`}
        </>
      );
    case 'vetoed':
      return (
        <>
          Taken out by the owner {by} against the validators: {event.reason}
        </>
      );
    case 'frozen':
      return <>Frozen into version {event.version}</>;
    case 'replaced':
      return (
        <>
          Replaced by a {rowLink(event.childId, improvementWords[event.role])} of {by}
        </>
      );
    case 'restored':
      return <>Stands again, because its better version was taken back</>;
    case 'quarantined':
      return (
        <>
          Taken out of later versions by {by}: {event.reason}
        </>
      );
    case 'withdrawn':
      return <>Withdrawn by its author; later versions leave it out</>;
    default:
      return event satisfies never;
  }
}
