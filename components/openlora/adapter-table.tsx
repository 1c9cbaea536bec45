import Link from 'next/link';
import type { Tone } from '#components/ui/badge.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { Term } from '#components/ui/term.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ModelAdapter } from '#lib/serving/types.ts';
import { AdapterMoves, type KeepAdapter } from './adapter-moves.tsx';
import { duration, megabytes } from './words.ts';

const places: Record<'hot' | 'warm' | 'cold', { tone: Tone; text: string; explain: string }> = {
  hot: { tone: 'good', text: 'hot', explain: 'In memory: the next question starts at once.' },
  warm: { tone: 'info', text: 'warm', explain: 'On the disk of the machine that answers: loading takes milliseconds.' },
  cold: {
    tone: 'neutral',
    text: 'cold',
    explain: 'In the object store alone: the first question waits for a download.',
  },
};

/** One line an adapter: where it is, how long it took to load, how fast it answers; for who may, where it shall be. */
export function AdapterTable({
  items,
  movable,
  keep,
}: {
  items: readonly ModelAdapter[];
  /** Slugs of the models that this reader decides about. */
  movable: ReadonlySet<string>;
  keep: KeepAdapter;
}) {
  return (
    <Table label="Adapters">
      <thead>
        <tr>
          <Th>Model</Th>
          <Th>Place</Th>
          <Th numeric>Loaded in</Th>
          <Th numeric>Found in memory</Th>
          <Th numeric>First word, middle</Th>
          <Th numeric>First word, slowest 5 %</Th>
          <Th numeric>Tokens a second</Th>
          <Th>Last asked</Th>
          {movable.size > 0 && <Th>Keep</Th>}
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <AdapterLine
            key={item.adapterId}
            item={item}
            keep={keep}
            showsMoves={movable.size > 0}
            mayMove={movable.has(item.modelSlug)}
          />
        ))}
      </tbody>
    </Table>
  );
}

function AdapterLine({
  item,
  keep,
  showsMoves,
  mayMove,
}: {
  item: ModelAdapter;
  keep: KeepAdapter;
  showsMoves: boolean;
  mayMove: boolean;
}) {
  const { timing, hits, misses } = item;
  return (
    <Tr>
      <Td className="min-w-48 py-2">
        <Link href={`/models/${item.modelSlug}`} className="link font-medium">
          {item.modelName}
        </Link>
        <p className="text-xs text-muted">
          {item.baseModel}
          {item.rank !== null && `, rank ${item.rank}`}
          {item.sizeBytes !== null && `, ${megabytes(item.sizeBytes)}`}
        </p>
      </Td>
      <Td className="whitespace-nowrap">
        <Place item={item} />
      </Td>
      <Td numeric>{duration(item.loadMs)}</Td>
      <Td numeric>{hits + misses === 0 ? '–' : `${hits} of ${hits + misses}`}</Td>
      <Td numeric>{duration(timing?.firstTokenP50Ms)}</Td>
      <Td numeric>{duration(timing?.firstTokenP95Ms)}</Td>
      <Td numeric>{timing?.tokensPerSecond?.toFixed(1) ?? '–'}</Td>
      <Td>{item.lastUsedAt ? <TimeAgo at={item.lastUsedAt} /> : <span className="text-muted">not yet</span>}</Td>
      {showsMoves && (
        <Td className="py-2">
          {mayMove && item.state !== null && (
            <AdapterMoves model={item.modelSlug} isHot={item.state === 'hot'} isPinned={item.isPinned} keep={keep} />
          )}
        </Td>
      )}
    </Tr>
  );
}

function Place({ item }: { item: ModelAdapter }) {
  if (item.state === null) return <Status>unknown</Status>;
  const { tone, text, explain } = places[item.state];
  return (
    <Status tone={tone}>
      <Term explain={explain}>{text}</Term>
      {item.isPinned && ', pinned'}
    </Status>
  );
}
