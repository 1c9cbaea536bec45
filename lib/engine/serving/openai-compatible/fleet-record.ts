import { HistogramCounter } from '../histogram.ts';
import type { AdapterRef, AdapterState, EngineMetrics, GenerateDone } from '../types.ts';
import type { AnswerStream } from './answer-stream.ts';
import type { Fleet } from './fleet.ts';

type Usage = { hits: number; misses: number; loadMs: number | null; lastUsedAtMs: number };
type Outcome = keyof EngineMetrics['requestsTotal'];

/** What happened since the start, for metrics and adapter states. Servers' own measures are on their own /metrics pages. */
export class FleetRecord {
  private readonly fleet: Fleet;
  private readonly slotsPerServer: number;
  private readonly usage = new Map<string, Usage>();
  private readonly requests: Record<Outcome, number> = { stop: 0, length: 0, cancelled: 0, failed: 0, rejected: 0 };
  private readonly timeToFirstTokenMs = new HistogramCounter();
  private readonly adapterLoadMs = new HistogramCounter();
  private promptTokens = 0;
  private completionTokens = 0;
  private prefillMs = 0;
  private decodeMs = 0;

  constructor(fleet: Fleet, slotsPerServer: number) {
    this.fleet = fleet;
    this.slotsPerServer = slotsPerServer;
  }

  /** One request found the adapter loaded (`loadMs` null) or waited for its load. */
  use({ id }: AdapterRef, loadMs: number | null): void {
    const before = this.usage.get(id) ?? { hits: 0, misses: 0, loadMs: null, lastUsedAtMs: 0 };
    this.usage.set(id, {
      hits: before.hits + (loadMs === null ? 1 : 0),
      misses: before.misses + (loadMs === null ? 0 : 1),
      loadMs: loadMs ?? before.loadMs,
      lastUsedAtMs: Date.now(),
    });
    if (loadMs !== null) this.adapterLoadMs.observe(loadMs);
  }

  fail(error: unknown): void {
    this.requests[(error as { code?: unknown }).code === 'queue_full' ? 'rejected' : 'failed']++;
  }

  /** Counts an answer and says what its end has to tell. */
  finish(end: {
    reason: GenerateDone['finishReason'];
    promptIds: number[];
    answer: AnswerStream;
    begunMs: number;
    firstTokenMs: number | null;
  }): GenerateDone {
    const { reason, promptIds, answer, begunMs } = end;
    const nowMs = Date.now();
    const firstMs = end.firstTokenMs ?? nowMs;
    this.requests[reason]++;
    this.promptTokens += promptIds.length;
    this.completionTokens += answer.completionIds.length;
    this.prefillMs += firstMs - begunMs;
    this.decodeMs += nowMs - firstMs;
    if (end.firstTokenMs !== null) this.timeToFirstTokenMs.observe(firstMs - begunMs);
    return {
      type: 'done',
      finishReason: reason,
      promptIds,
      completionIds: answer.completionIds,
      ...(answer.completionIds.length > 0 ? { idsFrom: answer.isRetokenized ? 'text' : 'server' } : {}),
      usage: { promptTokens: promptIds.length, completionTokens: answer.completionIds.length },
      timings: { queuedMs: 0, prefillMs: firstMs - begunMs, decodeMs: nowMs - firstMs },
    };
  }

  /** Hot: loaded on at least one server. Others that were asked for are warm: the servers read them from their folder. */
  adapters(): AdapterState[] {
    const held = this.fleet.replicas.flatMap((replica) => replica.adapters());
    const ids = new Set([...this.usage.keys(), ...held.map(({ id }) => id)]);
    return [...ids].map((id) => {
      const here = held.filter((adapter) => adapter.id === id);
      const { hits = 0, misses = 0, loadMs = null, lastUsedAtMs = 0 } = this.usage.get(id) ?? {};
      return {
        id,
        tier: here.length > 0 ? 'hot' : 'warm',
        users: here.reduce((sum, { users }) => sum + users, 0),
        isPinned: here.some(({ isPinned }) => isPinned),
        rank: 0, // the files are on the servers
        targetModules: [],
        sizeBytes: 0,
        hits,
        misses,
        loadMs,
        lastUsedAtMs,
      };
    });
  }

  /** Queues, steps and memory are the servers' own affair: 0 here. */
  metrics(): EngineMetrics {
    const none = new HistogramCounter().snapshot();
    const usage = [...this.usage.values()];
    const up = this.fleet.replicas.filter(({ state }) => state === 'up');
    return {
      slots: up.length * this.slotsPerServer,
      running: this.fleet.inFlight,
      queued: 0,
      queuedCallers: 0,
      requestsTotal: { ...this.requests },
      promptTokensTotal: this.promptTokens,
      completionTokensTotal: this.completionTokens,
      decodeStepsTotal: 0,
      decodeRowsTotal: 0,
      prefillChunksTotal: 0,
      decodeSecondsTotal: this.decodeMs / 1000,
      prefillSecondsTotal: this.prefillMs / 1000,
      timeToFirstTokenMs: this.timeToFirstTokenMs.snapshot(),
      queuedMs: none,
      decodeStepMs: none,
      adapterLoadMs: this.adapterLoadMs.snapshot(),
      adapters: {
        hot: this.adapters().filter(({ tier }) => tier === 'hot').length,
        hotBytes: 0,
        hitsTotal: usage.reduce((sum, { hits }) => sum + hits, 0),
        missesTotal: usage.reduce((sum, { misses }) => sum + misses, 0),
        evictionsTotal: this.fleet.replicas.reduce((sum, { evictions }) => sum + evictions, 0),
      },
      memory: { weightsBytes: 0, cacheBytesPerToken: 0, cacheBytes: 0, adapterSlotBytes: 0 },
    };
  }
}
