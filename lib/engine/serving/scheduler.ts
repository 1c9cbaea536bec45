import { renderChat, stopIds } from '../tokenizer/chat.ts';
import { createRandom } from '../train/random.ts';
import type { AdapterCache } from './adapter-cache.ts';
import type { PreparedAdapter } from './adapter-slots.ts';
import type { BatchRunner } from './batch-runner.ts';
import { MetricsRecorder } from './engine-metrics.ts';
import { GenerateRequestError, PromptTooLongError } from './errors.ts';
import { FairQueue } from './fair-queue.ts';
import { Sequence } from './sequence.ts';
import type { EngineMetrics, GenerateEvent, GenerateRequest } from './types.ts';

export type SchedulerOptions = {
  now: () => number;
  /** Called after every turn, when its events have been emitted. */
  flush: () => void;
};

/** A request whose seed is settled, and where its events go. After `fail` or a done event nothing follows. */
export type Submission = {
  id: number;
  request: Omit<GenerateRequest, 'signal'> & { seed: number };
  emit: (event: GenerateEvent) => void;
  fail: (error: unknown) => void;
};

type Prefill = { sequence: Sequence; slot: number; position: number };

/** Even the shortest prompt takes a pass over all weights, so their number in a turn is bounded too. */
const piecesMax = 4;

/**
 * Continuous batching (Yu et al. 2022, Orca): sequences join and leave between steps, whatever their adapters.
 *
 * A request waits in the queue, then for its adapter, then for its prompt's turn, and then decodes. Each turn of `run`
 * computes at most one piece of a prompt, or a few short prompts, and then one token for every running sequence, so that
 * new prompts delay running answers by a bounded time a token (Agrawal et al. 2024, Sarathi-Serve). Cancelled sequences leave before the
 * next step.
 */
export class Scheduler {
  private readonly runner: BatchRunner;
  private readonly adapters: AdapterCache;
  private readonly options: SchedulerOptions;
  private readonly metrics = new MetricsRecorder();
  private readonly endIds: readonly number[];
  private readonly byId = new Map<number, Sequence>();
  private readonly queue = new FairQueue<Sequence>();
  /** Taken from the queue; their adapters are being loaded. */
  private loading = 0;
  /** Loaded; they wait for their prompt's turn. */
  private readonly ready: Sequence[] = [];
  /** The prompt in work: `position` tokens of it are in `slot`. */
  private prefill: Prefill | null = null;
  /** Index is the slot. */
  private readonly running: Sequence[] = [];
  private wake: () => void = () => {};
  private isClosed = false;

  constructor(runner: BatchRunner, adapters: AdapterCache, options: SchedulerOptions) {
    this.runner = runner;
    this.adapters = adapters;
    this.options = options;
    this.endIds = stopIds(runner.model.tokenizer);
  }

  submit({ id, request, emit, fail }: Submission): void {
    try {
      const promptIds = this.promptOf(request);
      const { tokenizer } = this.runner.model;
      const sequence = new Sequence({
        topK: 0,
        repetitionPenalty: 1,
        presencePenalty: 0,
        frequencyPenalty: 0,
        topLogprobs: 0,
        caller: '',
        priority: 0,
        stop: [],
        ...request,
        id,
        promptIds,
        adapterRef: request.adapter ?? null,
        maxTokens: Math.min(request.maxTokens, this.runner.options.contextTokens - promptIds.length),
        stopIds: this.endIds,
        random: createRandom(`sample|${request.seed}`),
        tokenizer,
        submittedAtMs: this.options.now(),
        emit,
        fail,
      });
      this.byId.set(id, sequence);
      this.queue.push(sequence);
      this.wake();
    } catch (error) {
      this.metrics.failed();
      fail(error);
      this.options.flush();
    }
  }

  /** The sequence leaves before the next step; its done event says `cancelled`. */
  cancel(id: number): void {
    const sequence = this.byId.get(id);
    if (sequence) sequence.finishReason ??= 'cancelled';
    this.wake();
  }

  /** Adapters like this one will come: whatever they need beyond the present is compiled now. */
  expect(adapter: PreparedAdapter): void {
    this.runner.expect(adapter);
    this.wake();
  }

  /** What this thread knows of the engine's metrics. */
  snapshot(): EngineMetrics {
    const { runner } = this;
    return {
      slots: runner.options.slots,
      running: this.running.length + (this.prefill ? 1 : 0),
      queued: this.queue.size + this.loading + this.ready.length,
      queuedCallers: this.queue.callers,
      ...this.metrics.snapshot(),
      ...this.adapters.counters(),
      memory: {
        weightsBytes: runner.weightsBytes,
        cacheBytesPerToken: runner.cache.bytesPerToken,
        cacheBytes: runner.cache.sizeBytes,
        adapterSlotBytes: runner.adapterSlots.sizeBytes,
      },
    };
  }

  /** Works until `close`. */
  async run(): Promise<void> {
    while (!this.isClosed) {
      this.sweep();
      this.admit();
      if (this.running.length === 0 && !this.prefill) await this.runner.prepare();
      await this.prefillPieces();
      await this.step();
      this.sweep();
      this.options.flush();
      // Every computation lets the event loop turn once, so what is said meanwhile is heard before the next.
      const isWorking = this.prefill !== null || this.ready.length > 0 || this.running.length > 0;
      if (isWorking || this.isClosed || (this.queue.size > 0 && this.loading === 0)) continue;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    await this.runner.release();
  }

  close(): void {
    this.isClosed = true;
    this.wake();
  }

  private promptOf({ messages, promptIds }: Submission['request']): readonly number[] {
    const { tokenizer, config } = this.runner.model;
    const ids = promptIds ?? renderChat(tokenizer, messages, { addGenerationPrompt: true }).ids;
    const stranger = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= config.vocab_size);
    if (stranger !== undefined) throw new GenerateRequestError(`promptIds has ${stranger}, which is no token.`);
    const limit = this.runner.options.contextTokens - 1;
    if (ids.length > limit) throw new PromptTooLongError(ids.length, limit);
    return ids;
  }

  /** Takes as many requests from the queue as there are free slots, and sees to their adapters. */
  private admit(): void {
    const taken = this.running.length + this.loading + this.ready.length + (this.prefill ? 1 : 0);
    for (let free = this.runner.options.slots - taken; free > 0 && this.queue.size > 0; free--) {
      void this.loadAdapter(this.queue.shift()!);
    }
  }

  private async loadAdapter(sequence: Sequence): Promise<void> {
    const { adapterRef } = sequence.options;
    if (adapterRef) {
      this.loading++;
      try {
        sequence.adapter = await this.adapters.acquire(adapterRef);
      } catch (error) {
        this.fail(sequence, error, { isHolding: false });
        this.options.flush();
        return;
      } finally {
        this.loading--;
        this.wake();
      }
    }
    this.ready.push(sequence);
  }

  /** A turn's worth of prompts: one piece of a long one, or several short ones, so that a burst fills the slots soon. */
  private async prefillPieces(): Promise<void> {
    let tokens = 0;
    for (let pieces = 0; pieces < piecesMax && tokens < this.runner.chunkTokens; pieces++) {
      this.prefill ??= this.beginPrefill();
      if (!this.prefill) return;
      const { length } = this.prefill.sequence.options.promptIds;
      const next = Math.min(this.runner.chunkTokens, length - this.prefill.position);
      if (tokens > 0 && tokens + next > this.runner.chunkTokens) return;
      tokens += next;
      await this.prefillPiece(this.prefill);
    }
  }

  private async prefillPiece(prefill: Prefill): Promise<void> {
    const { sequence, slot, position } = prefill;
    const ids = sequence.options.promptIds.slice(position, position + this.runner.chunkTokens);
    const startedAtMs = this.options.now();
    try {
      const prediction = await this.runner.feed(slot, ids, position);
      this.metrics.prefilled(ids.length, this.options.now() - startedAtMs);
      prefill.position += ids.length;
      if (prefill.position < sequence.options.promptIds.length) return;
      this.prefill = null;
      this.join(sequence, slot);
      if (sequence.finishReason) return;
      sequence.accept(prediction, this.options.now());
      this.metrics.firstTokenOf(sequence);
    } catch (error) {
      this.prefill = null;
      const at = this.running.indexOf(sequence);
      if (at >= 0) this.vacate(at);
      this.fail(sequence, error);
    }
  }

  private beginPrefill(): Prefill | null {
    const sequence = this.ready.shift();
    if (!sequence) return null;
    sequence.admittedAtMs = this.options.now();
    this.metrics.admitted(sequence);
    const slot = this.running.length;
    this.runner.place(slot, sequence.adapter);
    return { sequence, slot, position: 0 };
  }

  /** The running slots stay without gaps: some may have left while the prompt was read. */
  private join(sequence: Sequence, slot: number): void {
    const target = this.running.length;
    if (slot !== target) this.runner.move(slot, target, sequence.options.promptIds.length);
    this.running.push(sequence);
    this.runner.trim(this.running.length);
  }

  private async step(): Promise<void> {
    if (this.running.length === 0) return;
    const startedAtMs = this.options.now();
    try {
      const predictions = await this.runner.decode(this.running.map((sequence) => sequence.next));
      this.metrics.decoded(predictions.length, this.options.now() - startedAtMs);
      for (const [slot, sequence] of this.running.entries()) {
        if (sequence.finishReason === null) sequence.accept(predictions[slot]!, this.options.now());
      }
    } catch (error) {
      for (const sequence of this.running.splice(0)) this.fail(sequence, error);
    }
  }

  /** Frees what is over, from the slots to the queue. */
  private sweep(): void {
    for (let slot = this.running.length - 1; slot >= 0; slot--) {
      const sequence = this.running[slot]!;
      if (!sequence.finishReason) continue;
      this.vacate(slot);
      this.finish(sequence);
    }
    if (this.prefill?.sequence.finishReason) {
      this.finish(this.prefill.sequence);
      this.prefill = null;
    }
    for (const sequence of this.ready.filter((waiting) => waiting.finishReason)) {
      this.ready.splice(this.ready.indexOf(sequence), 1);
      this.finish(sequence);
    }
    for (const sequence of this.queue.removeIf((waiting) => waiting.finishReason !== null)) {
      this.finish(sequence, { isHolding: false, isServed: false });
    }
    this.runner.trim(this.prefill ? Math.max(this.running.length, this.prefill.slot + 1) : this.running.length);
  }

  /** Frees a slot and moves the last running sequence into it. */
  private vacate(slot: number): void {
    const last = this.running.pop()!;
    const at = this.running.length;
    if (slot === at) return;
    this.runner.move(at, slot, last.next.position);
    this.running[slot] = last;
  }

  private finish(sequence: Sequence, held: { isHolding?: boolean; isServed?: boolean } = {}): void {
    this.leave(sequence, held);
    this.metrics.finished(sequence);
    sequence.finish(this.options.now());
  }

  private fail(sequence: Sequence, error: unknown, held: { isHolding?: boolean } = {}): void {
    this.leave(sequence, held);
    this.metrics.failed();
    sequence.options.fail(error);
  }

  private leave(sequence: Sequence, { isHolding = true, isServed = true }): void {
    this.byId.delete(sequence.options.id);
    if (isServed) this.queue.done(sequence);
    if (isHolding && sequence.options.adapterRef) this.adapters.release(sequence.options.adapterRef);
  }
}
