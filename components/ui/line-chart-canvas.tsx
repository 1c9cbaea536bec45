'use client';

import { CartesianGrid, LineChart as Chart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

export type LineChartLine = {
  /** Property of the data points. */
  key: string;
  label: string;
  /** A token, e.g. `var(--accent)` or `var(--thread-1)`. */
  color: string;
  dashed?: boolean;
};
export type LineChartProps = {
  data: readonly Record<string, number | null>[];
  /** Property on the x axis, numeric. */
  x: string;
  xLabel: string;
  lines: readonly LineChartLine[];
  formatY?: (value: number) => string;
  /** Fixed range of the y axis; by default it follows the data. */
  domainY?: [number, number];
};

const tick = { fill: 'var(--muted)', fontSize: 11, fontFamily: 'var(--font-geist-mono)' };

/** The drawing itself; use LineChart. */
export function LineChartCanvas({ data, x, xLabel, lines, formatY = (v) => v.toFixed(2), domainY }: LineChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Chart data={[...data]} margin={{ top: 8, right: 8, bottom: 20, left: 0 }}>
        <CartesianGrid stroke="var(--hairline)" vertical={false} />
        <XAxis
          dataKey={x}
          type="number"
          domain={['dataMin', 'dataMax']}
          tick={tick}
          stroke="var(--border)"
          tickLine={false}
          label={{ value: xLabel, position: 'insideBottom', offset: -12, fill: 'var(--muted)', fontSize: 11 }}
        />
        <YAxis
          domain={domainY ?? ['auto', 'auto']}
          tick={tick}
          tickFormatter={formatY}
          stroke="transparent"
          tickLine={false}
          width={48}
        />
        <Tooltip
          isAnimationActive={false}
          formatter={(value, name) => [formatY(Number(value)), name]}
          labelFormatter={(value) => `${xLabel} ${value}`}
          contentStyle={{
            background: 'var(--raised)',
            border: '1px solid var(--hairline)',
            borderRadius: 4,
            fontSize: 12,
            color: 'var(--ink)',
          }}
        />
        {lines.map((line) => (
          <Line
            key={line.key}
            dataKey={line.key}
            name={line.label}
            stroke={line.color}
            strokeWidth={1.75}
            {...(line.dashed && { strokeDasharray: '4 3' })}
            dot={data.length < 40 ? { r: 2, fill: line.color } : false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </Chart>
    </ResponsiveContainer>
  );
}
