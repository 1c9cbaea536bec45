import { HistogramCounter } from './histogram.ts';
import type { Sequence } from './sequence.ts';
import type { EngineMetrics, GenerateDone } from './types.ts';

type Counted = 'promptTokens' | 'completionTokens' | 'decodeSteps' | 'decodeRows' | 'prefillChunks';

/** What the scheduler counts; `snapshot` is its part of `EngineMetrics`. */
export class MetricsRecorder {
  private readonly requests: Record<GenerateDone['finishReason'] | 'failed', number> = {
    stop: 0,
    length: 0,
    cancelled: 0,
    failed: 0,
  };
  private readonly totals: Record<Counted, number> = {
    promptTokens: 0,
    completionTokens: 0,
    decodeSteps: 0,
    decodeRows: 0,
    prefillChunks: 0,
  };
  private readonly milliseconds = { decode: 0, prefill: 0 };
  private readonly firstToken = new HistogramCounter();
  private readonly queued = new HistogramCounter();
  private readonly decodeStep = new HistogramCounter();

  decoded(rows: number, ms: number): void {
    this.totals.decodeSteps++;
    this.totals.decodeRows += rows;
    this.milliseconds.decode += ms;
    this.decodeStep.observe(ms);
  }

  prefilled(tokens: number, ms: number): void {
    this.totals.prefillChunks++;
    this.totals.promptTokens += tokens;
    this.milliseconds.prefill += ms;
  }

  admitted({ admittedAtMs, options }: Sequence): void {
    this.queued.observe(admittedAtMs! - options.submittedAtMs);
  }

  firstTokenOf({ firstTokenAtMs, options }: Sequence): void {
    this.firstToken.observe(firstTokenAtMs! - options.submittedAtMs);
  }

  finished({ finishReason, completionIds }: Sequence): void {
    this.requests[finishReason ?? 'cancelled']++;
    this.totals.completionTokens += completionIds.length;
  }

  failed(): void {
    this.requests.failed++;
  }

  snapshot() {
    const { requests, totals } = this;
    return {
      requestsTotal: { ...requests, rejected: 0 },
      promptTokensTotal: totals.promptTokens,
      completionTokensTotal: totals.completionTokens,
      decodeStepsTotal: totals.decodeSteps,
      decodeRowsTotal: totals.decodeRows,
      prefillChunksTotal: totals.prefillChunks,
      decodeSecondsTotal: this.milliseconds.decode / 1000,
      prefillSecondsTotal: this.milliseconds.prefill / 1000,
      timeToFirstTokenMs: this.firstToken.snapshot(),
      queuedMs: this.queued.snapshot(),
      decodeStepMs: this.decodeStep.snapshot(),
    } satisfies Partial<EngineMetrics>;
  }
}
