'use client';

import dynamic from 'next/dynamic';
import type { LineChartProps } from './line-chart-canvas.tsx';
import { Skeleton } from './skeleton.tsx';

const Canvas = dynamic(() => import('./line-chart-canvas.tsx').then((module) => module.LineChartCanvas), {
  ssr: false,
  loading: () => <Skeleton className="h-full rounded-md" />,
});

/**
 * Lines over a numeric x, in the tokens' colours. `summary` is what a reader who cannot see the chart is told; keep it
 * current ("Loss fell from 3.10 to 2.41 in 120 steps"). The chart library loads only where a chart is.
 */
export function LineChart({ height = 280, summary, ...rest }: LineChartProps & { height?: number; summary: string }) {
  return (
    <figure>
      <div role="img" aria-label={summary} style={{ height }}>
        <Canvas {...rest} />
      </div>
      <figcaption className="mt-2 flex flex-wrap gap-4 text-xs text-muted">
        {rest.lines.map((line) => (
          <span key={line.key} className="inline-flex items-center gap-1.5">
            <svg aria-hidden width="16" height="4">
              <line
                x1="0"
                y1="2"
                x2="16"
                y2="2"
                strokeWidth="2"
                stroke={line.color}
                {...(line.dashed && { strokeDasharray: '4 3' })}
              />
            </svg>
            {line.label}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
