import type { MatchSpan } from '#components/receipts/find-matches.ts';
import { threadColor } from '#components/ui/thread-color.ts';

/**
 * The answer with its verbatim matches underlined in the thread colour of the row's contributor. Pointing at a stretch (mouse
 * or keyboard) points at its row, and the other way round.
 */
export function ThreadedAnswer({
  text,
  spans,
  contributorOf,
  active,
  onPoint,
}: {
  text: string;
  spans: MatchSpan[];
  contributorOf: (exampleId: string) => string;
  active: string | null;
  onPoint: (exampleId: string | null) => void;
}) {
  const pieces: React.ReactNode[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.start > at) pieces.push(text.slice(at, span.start));
    pieces.push(
      <button
        key={span.start}
        type="button"
        aria-label={`Matches text of row ${span.exampleId}: ${text.slice(span.start, span.end)}`}
        onMouseEnter={() => onPoint(span.exampleId)}
        onMouseLeave={() => onPoint(null)}
        onFocus={() => onPoint(span.exampleId)}
        onBlur={() => onPoint(null)}
        className={`inline cursor-help border-b-2 text-left transition-colors duration-150 ${active === span.exampleId ? 'bg-sunken' : ''}`}
        style={{ borderBottomColor: threadColor(contributorOf(span.exampleId)) }}
      >
        {text.slice(span.start, span.end)}
      </button>,
    );
    at = span.end;
  }
  pieces.push(text.slice(at));
  return <p className="prose-measure text-lg leading-8 whitespace-pre-wrap">{pieces}</p>;
}
