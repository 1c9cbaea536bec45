import { Status } from '#components/ui/status.tsx';

/** Chain name, its newest block as our indexer has it, and whether that is current. */
export function ChainState({
  name,
  chainId,
  block,
  state,
}: {
  name: string;
  chainId: number;
  block: number | null;
  state: 'current' | 'behind' | 'unknown';
}) {
  const tone = { current: 'good', behind: 'warn', unknown: 'neutral' } as const;
  const text = {
    current: 'up to date',
    behind: 'catching up with the chain',
    unknown: 'the indexer does not report',
  }[state];
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span>
        {name} <span className="figures">({chainId})</span>
      </span>
      {block !== null && <span className="figures">block {block}</span>}
      <span className="text-xs [&_*]:text-xs">
        <Status tone={tone[state]}>{text}</Status>
      </span>
    </p>
  );
}
