import type { EngineMetrics, Histogram } from '#lib/engine/serving/types.ts';
import type { HistogramValue, MetricFamily } from '#lib/platform/render-prometheus.ts';
import type { AdapterDiskState } from '../adapter-disk-cache.ts';

export type ServeSnapshot = {
  models: readonly { baseModel: string; value: EngineMetrics }[];
  disk: AdapterDiskState;
  counters: ServeCounters;
  isDraining: boolean;
};

/** What the process counts itself, beside its engines. */
export class ServeCounters {
  readonly errors = new Map<string, number>();
  /** Adapters brought from the object store, by base model. */
  readonly fetched = new Map<string, number>();
  fetchSeconds = 0;

  countError(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }

  countFetch(baseModel: string, ms: number): void {
    this.fetched.set(baseModel, (this.fetched.get(baseModel) ?? 0) + 1);
    this.fetchSeconds += ms / 1000;
  }
}

type Read = (metrics: EngineMetrics) => number;

const gauges: [name: string, help: string, read: Read][] = [
  ['slots', 'Sequences that may decode together.', (m) => m.slots],
  ['running', 'Sequences that decode now.', (m) => m.running],
  ['queued', 'Requests that wait for a slot or an adapter.', (m) => m.queued],
  ['queued_callers', 'Callers with waiting requests.', (m) => m.queuedCallers],
  ['adapters_hot', 'Adapters in memory.', (m) => m.adapters.hot],
  ['adapters_hot_bytes', 'Memory of adapters.', (m) => m.adapters.hotBytes],
  ['weights_bytes', 'Memory of base weights.', (m) => m.memory.weightsBytes],
  ['kv_cache_bytes', 'Memory of cached keys and values.', (m) => m.memory.cacheBytes],
  ['adapter_slot_bytes', 'Memory for the adapters of running sequences.', (m) => m.memory.adapterSlotBytes],
];

const counters: [name: string, help: string, read: Read][] = [
  ['prompt_tokens_total', 'Tokens read.', (m) => m.promptTokensTotal],
  ['completion_tokens_total', 'Tokens written.', (m) => m.completionTokensTotal],
  ['decode_steps_total', 'Decoding steps.', (m) => m.decodeStepsTotal],
  [
    'decode_rows_total',
    'Sequences in all decoding steps; over steps it is the batch occupancy.',
    (m) => m.decodeRowsTotal,
  ],
  ['prefill_chunks_total', 'Pieces of prompts read.', (m) => m.prefillChunksTotal],
  ['decode_seconds_total', 'Time in decoding steps.', (m) => m.decodeSecondsTotal],
  ['prefill_seconds_total', 'Time in reading prompts.', (m) => m.prefillSecondsTotal],
  ['adapter_evictions_total', 'Adapters dropped from memory.', (m) => m.adapters.evictionsTotal],
];

const histograms: [name: string, help: string, read: (metrics: EngineMetrics) => Histogram][] = [
  ['time_to_first_token_seconds', 'From submission to the first token.', (m) => m.timeToFirstTokenMs],
  ['queued_seconds', 'Until a slot was free and the adapter loaded.', (m) => m.queuedMs],
  ['decode_step_seconds', 'One decoding step of the whole batch.', (m) => m.decodeStepMs],
  ['adapter_load_seconds', 'From disk to memory.', (m) => m.adapterLoadMs],
];

/** All metrics of the serve process, `openledger_serve_*`, those of engines labelled by base model. */
export function serveMetrics({ models, disk, counters: own, isDraining }: ServeSnapshot): MetricFamily[] {
  const each = <T>(read: (metrics: EngineMetrics) => T) =>
    models.map(({ baseModel, value }) => ({ labels: { base: baseModel }, value: read(value) }));
  const families: MetricFamily[] = [
    ...gauges.map(([name, help, read]): MetricFamily => ({ name, help, type: 'gauge', samples: each(read) })),
    ...counters.map(([name, help, read]): MetricFamily => ({ name, help, type: 'counter', samples: each(read) })),
    ...histograms.map(
      ([name, help, read]): MetricFamily => ({
        name,
        help,
        type: 'histogram',
        samples: each((m) => toSeconds(read(m))),
      }),
    ),
    {
      ...{ name: 'requests_total', help: 'Answers by how they ended.', type: 'counter' },
      samples: models.flatMap(({ baseModel, value: metrics }) =>
        Object.entries(metrics.requestsTotal).map(([outcome, value]) => ({
          labels: { base: baseModel, outcome },
          value,
        })),
      ),
    },
    {
      ...{ name: 'adapter_uses_total', help: 'Requests by where their adapter was found.', type: 'counter' },
      samples: models.flatMap(({ baseModel, value: metrics }) => {
        const cold = own.fetched.get(baseModel) ?? 0;
        const { hitsTotal, missesTotal } = metrics.adapters;
        const tiers = { hot: hitsTotal, warm: Math.max(0, missesTotal - cold), cold };
        return Object.entries(tiers).map(([tier, value]) => ({ labels: { base: baseModel, tier }, value }));
      }),
    },
    gauge('adapter_disk_bytes', 'Disk of fetched adapters.', disk.sizeBytes),
    gauge('adapter_disk_adapters', 'Fetched adapters on disk.', disk.sizes.size),
    counter('adapter_disk_evictions_total', 'Fetched adapters deleted from disk.', disk.evictions),
    counter('adapter_fetch_seconds_total', 'Time in fetching adapters from the object store.', own.fetchSeconds),
    {
      ...{ name: 'errors_total', help: 'Failed requests by code.', type: 'counter' },
      samples: [...own.errors].map(([code, value]) => ({ labels: { code }, value })),
    },
    gauge('draining', '1 while the process lets running answers end before it stops.', isDraining ? 1 : 0),
  ];
  return families.map((family) => ({ ...family, name: `openledger_serve_${family.name}` }));
}

const gauge = (name: string, help: string, value: number): MetricFamily => ({
  name,
  help,
  type: 'gauge',
  samples: [{ value }],
});
const counter = (name: string, help: string, value: number): MetricFamily => ({
  ...{ name, help, type: 'counter' },
  samples: [{ value }],
});

/** Prometheus counts in seconds. */
function toSeconds({ bounds, counts, sum, count }: Histogram): HistogramValue {
  return { bounds: bounds.map((bound) => bound / 1000), counts, sum: sum / 1000, count };
}
