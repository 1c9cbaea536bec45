import Link from 'next/link';
import { Status } from '#components/ui/status.tsx';
import type { RowCard } from '#lib/contributions/types.ts';

/** The guard's points of a row and why they are not 100, in one line or several; a perfect card is one quiet line. */
export function RowCardView({ card, slug }: { card: RowCard; slug: string }) {
  return (
    <div className="flex flex-col gap-1 text-xs" data-score={card.score} data-held={card.held}>
      <p>
        <Status tone={card.held ? 'warn' : card.score === 100 ? 'good' : 'neutral'}>
          <span className="figures">{card.score}</span> of 100 points
          {card.held && ' · held: somebody decides about it alone'}
        </Status>
      </p>
      {card.reasons.length > 0 && (
        <ul className="flex flex-col gap-0.5 text-muted">
          {card.reasons.map(({ check, points, text, exampleId }) => (
            <li key={`${check} ${text}`}>
              −{points}: {text}{' '}
              {exampleId && (
                <Link className="link" href={`/datanets/${slug}/rows/${exampleId}`} target="_blank">
                  Show that row
                </Link>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
