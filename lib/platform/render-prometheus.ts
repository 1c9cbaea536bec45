/** Cumulative buckets: `counts[i]` values were <= `bounds[i]`, `count` in all. */
export type HistogramValue = { bounds: readonly number[]; counts: readonly number[]; sum: number; count: number };
export type Labels = Readonly<Record<string, string>>;
export type MetricFamily = { name: string; help: string } & (
  | { type: 'counter' | 'gauge'; samples: readonly { labels?: Labels; value: number }[] }
  | { type: 'histogram'; samples: readonly { labels?: Labels; value: HistogramValue }[] }
);

export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Metric families in Prometheus' text exposition format 0.0.4: HELP and TYPE once for each, then its samples; histograms
 * as cumulative `_bucket`s that end with `le="+Inf"`, `_sum` and `_count`. A family without samples is left out.
 *
 * @throws RangeError for a name or label name that the format does not allow, or a family that is said twice
 */
export function renderPrometheus(families: readonly MetricFamily[]): string {
  const seen = new Set<string>();
  const lines = families.flatMap((family) => {
    assertName(family.name, /^[a-zA-Z_:][a-zA-Z0-9_:]*$/);
    if (seen.has(family.name)) throw new RangeError(`the metric ${family.name} is said twice`);
    seen.add(family.name);
    if (family.samples.length === 0) return [];
    const help = family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
    return [`# HELP ${family.name} ${help}`, `# TYPE ${family.name} ${family.type}`, ...samplesOf(family)];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function samplesOf(family: MetricFamily): string[] {
  const { name } = family;
  if (family.type !== 'histogram') return family.samples.map(({ labels, value }) => sample(name, labels, value));
  return family.samples.flatMap(({ labels, value: { bounds, counts, sum, count } }) => [
    ...bounds.map((bound, i) => sample(`${name}_bucket`, { ...labels, le: number(bound) }, counts[i] ?? 0)),
    sample(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    sample(`${name}_sum`, labels, sum),
    sample(`${name}_count`, labels, count),
  ]);
}

function sample(name: string, labels: Labels | undefined, value: number): string {
  const pairs = Object.entries(labels ?? {}).map(([label, text]) => {
    assertName(label, /^[a-zA-Z_][a-zA-Z0-9_]*$/);
    return `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  });
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${number(value)}`;
}

/** As Go's ParseFloat reads it, which knows NaN and signed Inf. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(value);
}

function assertName(name: string, pattern: RegExp): void {
  if (!pattern.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name in Prometheus' format`);
}
