import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { threadColor } from '#components/ui/thread-color.ts';
import type { ThreadFocus } from './threads/use-thread-focus.ts';
import type { Thread } from './threads/weave-threads.ts';

/**
 * The answer with its verbatim matches: underlined in the thread colour of the first row's contributor, the thicker the rarer,
 * and numbered, so that colour is never all there is. Each is a link to its rows.
 */
export function ThreadedAnswer({
  text,
  focus,
  contributorOf,
}: {
  text: string;
  focus: ThreadFocus;
  contributorOf: (exampleId: string) => string;
}) {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const thread of focus.threads) {
    pieces.push(text.slice(at, thread.start));
    pieces.push(
      <ThreadLink key={thread.start} thread={thread} focus={focus} contributorOf={contributorOf}>
        {text.slice(thread.start, thread.end)}
      </ThreadLink>,
    );
    at = thread.end;
  }
  pieces.push(text.slice(at));
  return <p className="prose-measure text-lg leading-9 whitespace-pre-wrap">{pieces}</p>;
}

function ThreadLink(props: {
  thread: Thread;
  focus: ThreadFocus;
  contributorOf: (exampleId: string) => string;
  children: string;
}) {
  const { thread, focus, contributorOf, children } = props;
  const { number, sources, millibits } = thread;
  const first = sources[0]!.exampleId;
  const point = () => focus.point({ thread: number });
  return (
    <a
      id={focus.threadId(number)}
      href={`#${focus.rowId(first)}`}
      aria-label={`Stretch ${number} of ${focus.threads.length}, ${sources.length === 1 ? '1 source' : `${sources.length} sources`}: ${children}`}
      data-number={number}
      onMouseEnter={point}
      onMouseLeave={() => focus.point(null)}
      onFocus={point}
      onBlur={() => focus.point(null)}
      onClick={(event: MouseEvent) => {
        event.preventDefault();
        focus.toRows(number);
      }}
      onKeyDown={(event: KeyboardEvent) => event.key === 'Escape' && focus.letGo()}
      className={`rounded-sm border-b no-underline transition-colors duration-150 after:ml-px after:align-super after:font-mono after:text-[0.65em] after:leading-none after:text-muted after:content-[attr(data-number)] ${focus.litThreads.has(number) ? 'bg-accent-wash' : ''}`}
      style={{ borderBottomColor: threadColor(contributorOf(first)), borderBottomWidth: weightOf(millibits) }}
    >
      {children}
    </a>
  );
}

/** Pixels: what chance would hardly write again is drawn thicker. A common word has some 8 bits, a rare one 12. */
function weightOf(millibits: number): number {
  if (millibits < 60_000) return 2;
  return millibits < 120_000 ? 3 : 4;
}
