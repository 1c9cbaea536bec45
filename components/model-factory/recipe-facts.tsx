import { Hash } from '#components/ui/hash.tsx';

/** Name and value pairs in the side column of runs and models. */
export function Facts({ items }: { items: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-6 gap-y-2 text-sm">
      {items.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Every hyperparameter of a run, folded away until wanted. */
export function RecipeFacts({ recipe }: { recipe: Record<string, unknown> }) {
  const { lora, ...rest } = recipe as { lora?: Record<string, unknown> } & Record<string, unknown>;
  const items = Object.entries({ ...lora, ...rest }).map(
    ([name, value]) =>
      [
        name,
        <span key={name} className="figures text-xs break-words">
          {Array.isArray(value) ? value.join(', ') : String(value)}
        </span>,
      ] as const,
  );
  return (
    <details className="text-sm">
      <summary className="cursor-pointer text-muted hover:text-ink">All hyperparameters</summary>
      <div className="mt-3">
        <Facts items={items} />
      </div>
    </details>
  );
}

export function RootFact({ value }: { value: string }) {
  return <Hash value={value} what="Merkle root of the version" className="text-xs" />;
}
