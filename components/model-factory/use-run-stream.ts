'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { RunEvent, RunStatus, RunSummary } from '#lib/model-factory/types.ts';
import { emptyProgress, foldRunEvents, type RunProgress } from './fold-run-events.ts';

const isOver = (status: RunStatus) =>
  status === 'succeeded' || status === 'failed' || status === 'stopped' || status === 'cancelled';

export type RunStream = {
  run: RunSummary;
  progress: RunProgress;
  /** `live` while connected, `lost` while the browser reconnects, `over` after the last event. */
  connection: 'connecting' | 'live' | 'lost' | 'over';
  /** Opens the stream again, after a run that stood still was resumed or cancelled. */
  reconnect: () => void;
};

/**
 * A run as it goes on: starts from what the server rendered, follows by server-sent events, and reconnects where it left off.
 * `onEnd` runs when the run is over.
 */
export function useRunStream(initial: { run: RunSummary; events: RunEvent[] }, onEnd: () => void): RunStream {
  const [run, setRun] = useState(initial.run);
  const [progress, setProgress] = useState(() => foldRunEvents(emptyProgress, initial.events));
  const [connection, setConnection] = useState<RunStream['connection']>(
    isOver(initial.run.status) ? 'over' : 'connecting',
  );
  const [round, setRound] = useState(0);
  const seq = useRef(progress.seq);
  const end = useRef(onEnd);
  end.current = onEnd;

  useEffect(() => setRun(initial.run), [initial.run]); // the page was refreshed

  const startsOver = isOver(initial.run.status);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a run that ends while we look is closed by its `end` event
  useEffect(() => {
    if (startsOver && round === 0) return;
    const source = new EventSource(`/runs/${initial.run.id}/events?after=${seq.current}`);
    // Events come in bursts after a reload; one render a frame is enough.
    let waiting: RunEvent[] = [];
    let frame = 0;
    const flush = () => {
      frame = 0;
      const events = waiting;
      waiting = [];
      seq.current = events.at(-1)?.seq ?? seq.current;
      setProgress((before) => foldRunEvents(before, events));
    };
    source.onopen = () => setConnection('live');
    source.onerror = () => setConnection((before) => (before === 'over' ? before : 'lost'));
    source.onmessage = ({ data }) => {
      waiting.push(JSON.parse(data) as RunEvent);
      frame ||= requestAnimationFrame(flush);
    };
    source.addEventListener('run', ({ data }) => setRun(JSON.parse(data) as RunSummary));
    source.addEventListener('end', () => {
      setConnection('over');
      source.close();
      end.current();
    });
    return () => {
      cancelAnimationFrame(frame);
      source.close();
    };
  }, [initial.run.id, round]);

  const reconnect = useCallback(() => {
    setConnection('connecting');
    setRound((before) => before + 1);
  }, []);
  return { run, progress, connection, reconnect };
}
