import type { EffectPoint } from '#lib/audits/types.ts';

const size = 320;
const margin = 36;
const reach = 3; // standard deviations shown to each side

const at = (value: number) => Math.max(-reach, Math.min(reach, value));
const x = (value: number) => margin + ((at(value) + reach) / (2 * reach)) * (size - margin - 8);
const y = (value: number) => size - margin - ((at(value) + reach) / (2 * reach)) * (size - margin - 8);

/** Dots of predicted against true effects. Where attribution were perfect, all would lie in order along the diagonal. */
export function EffectScatter({ points, summary }: { points: readonly EffectPoint[]; summary: string }) {
  return (
    <figure className="max-w-md">
      <svg role="img" aria-label={summary} viewBox={`0 0 ${size} ${size}`} className="h-auto w-full">
        <line x1={x(0)} x2={x(0)} y1={y(-reach)} y2={y(reach)} stroke="var(--hairline)" />
        <line x1={x(-reach)} x2={x(reach)} y1={y(0)} y2={y(0)} stroke="var(--hairline)" />
        <line
          {...{ x1: x(-reach), y1: y(-reach), x2: x(reach), y2: y(reach) }}
          stroke="var(--border)"
          strokeDasharray="4 3"
        />
        {points.map(({ predicted, measured }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: dots have no identity and never move
          <circle key={i} cx={x(predicted)} cy={y(measured)} r="2.5" fill="var(--thread-1)" fillOpacity="0.55" />
        ))}
        <text x={(margin + size) / 2} y={size - 8} textAnchor="middle" fontSize="11" fill="var(--muted)">
          predicted effect of taking rows away
        </text>
        <text
          transform={`translate(12 ${(size - margin) / 2}) rotate(-90)`}
          textAnchor="middle"
          fontSize="11"
          fill="var(--muted)"
        >
          true effect, trained again
        </text>
      </svg>
      <figcaption className="mt-2 text-xs text-muted">
        Each dot is one answer after one training on half of the rows, in standard deviations of that answer.
      </figcaption>
    </figure>
  );
}
