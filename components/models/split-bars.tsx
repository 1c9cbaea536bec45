import type { RevenueSplit } from '#lib/model-factory/types.ts';

const roles: Record<keyof RevenueSplit, string> = {
  data: 'Data contributors',
  model: 'Model owner',
  app: 'App',
  infra: 'Serving',
  validators: 'Curators of the rows',
};

/** Who gets what part of each answer's price, as bars; the protocol's fee comes first. `byInfluence`: its attribution is certified. */
export function SplitBars({
  split,
  protocolFeeBps,
  byInfluence,
}: {
  split: RevenueSplit;
  protocolFeeBps: number;
  byInfluence: boolean;
}) {
  const net = 10_000 - protocolFeeBps;
  const parts = [
    ...(Object.keys(roles) as (keyof RevenueSplit)[]).map((role) => ({
      label: role === 'data' ? `${roles.data}, ${byInfluence ? 'by influence' : 'by equal share'}` : roles[role],
      percent: (split[role] * net) / 1_000_000,
    })),
    { label: 'Protocol', percent: protocolFeeBps / 100 },
  ].filter((part) => part.percent > 0);
  return (
    <ul className="flex flex-col gap-2">
      {parts.map((part) => (
        <li key={part.label} className="flex flex-col gap-1 text-sm">
          <span className="flex justify-between gap-4">
            {part.label}
            <span className="figures">{Number(part.percent.toFixed(2))} %</span>
          </span>
          <span aria-hidden className="h-1 bg-hairline">
            <span className="block h-full bg-ink" style={{ width: `${part.percent}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}
