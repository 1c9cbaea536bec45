import { setImmediate } from 'node:timers/promises';
import type { OpenModelDir } from '../io/model-dir.ts';
import { renderChat, stopIds } from '../tokenizer/chat.ts';
import { createRandom } from '../train/random.ts';
import { AdapterCache, type CachedAdapter } from './adapter-cache.ts';
import { BatchRunner, type BatchRunnerOptions } from './batch-runner.ts';
import { PromptTooLongError } from './errors.ts';
import { Sequence } from './sequence.ts';
import type { GenerateEvent, GenerateRequest } from './types.ts';

export type SchedulerOptions = BatchRunnerOptions & { adapterCacheBytes: number; now: () => number };

/** A request whose seed is settled, and where its events go. After `fail` or a done event nothing follows. */
export type Submission = {
  id: number;
  request: Omit<GenerateRequest, 'signal'> & { seed: number };
  emit: (event: GenerateEvent) => void;
  fail: (error: unknown) => void;
};

/**
 * Continuous batching (Yu et al. 2022, Orca): sequences join and leave between steps, whatever their adapters.
 *
 * Each turn admits at most one waiting prompt, so that a burst of new prompts delays running answers by one prefill a
 * token and no more, then decodes one token for every running sequence. Cancelled sequences leave before the next step.
 */
export class Scheduler {
  private readonly model: OpenModelDir;
  private readonly options: SchedulerOptions;
  private readonly runner: BatchRunner;
  private readonly adapters: AdapterCache;
  private readonly slots: (Sequence | null)[];
  private readonly queue: Sequence[] = [];
  private readonly byId = new Map<number, Sequence>();
  /** Requests whose adapter is being loaded; true once cancelled. */
  private readonly preparing = new Map<number, boolean>();
  private readonly endIds: readonly number[];
  private wake: () => void = () => {};
  private isClosed = false;

  constructor(model: OpenModelDir, options: SchedulerOptions) {
    this.model = model;
    this.options = options;
    this.runner = new BatchRunner(model, options);
    this.adapters = new AdapterCache(model.config, options.adapterCacheBytes);
    this.slots = Array.from({ length: options.slots }, () => null);
    this.endIds = stopIds(model.tokenizer);
  }

  /** Queues a request. The adapter is loaded while others decode. */
  async submit({ id, request, emit, fail }: Submission): Promise<void> {
    const submittedAtMs = this.options.now();
    this.preparing.set(id, false);
    try {
      const promptIds = this.renderPrompt(request.messages);
      const adapterRef = request.adapter ?? null;
      const adapter = adapterRef ? await this.adapters.acquire(adapterRef, submittedAtMs) : null;
      const sequence = new Sequence({
        id,
        promptIds,
        adapterRef,
        adapter,
        maxTokens: Math.min(request.maxTokens, this.options.contextTokens - promptIds.length),
        temperature: request.temperature,
        topP: request.topP,
        stop: request.stop ?? [],
        stopIds: this.endIds,
        random: createRandom(`sample|${request.seed}`),
        decoder: this.model.tokenizer.streamDecoder(),
        submittedAtMs,
        emit,
        fail,
      });
      if (this.preparing.get(id)) sequence.finishReason = 'cancelled';
      this.byId.set(id, sequence);
      this.queue.push(sequence);
      this.wake();
    } catch (error) {
      fail(error);
    } finally {
      this.preparing.delete(id);
    }
  }

  /** The sequence leaves before the next step; its done event says `cancelled`. */
  cancel(id: number): void {
    const sequence = this.byId.get(id);
    if (sequence) sequence.finishReason ??= 'cancelled';
    else if (this.preparing.has(id)) this.preparing.set(id, true);
    this.wake();
  }

  adapterStates(): CachedAdapter[] {
    return this.adapters.states();
  }

  /** Works until `close`. */
  async run(): Promise<void> {
    while (!this.isClosed) {
      this.sweep();
      await this.admitOne();
      await this.step();
      this.sweep();
      if (this.queue.length > 0 || this.slots.some(Boolean)) await setImmediate();
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
    await this.runner.release();
  }

  close(): void {
    this.isClosed = true;
    this.wake();
  }

  private renderPrompt(messages: GenerateRequest['messages']): number[] {
    const { ids } = renderChat(this.model.tokenizer, messages, { addGenerationPrompt: true });
    const limit = this.options.contextTokens - 1;
    if (ids.length > limit) throw new PromptTooLongError(ids.length, limit);
    return ids;
  }

  private async admitOne(): Promise<void> {
    const slot = this.slots.indexOf(null);
    const sequence = slot < 0 ? undefined : this.queue.shift();
    if (!sequence) return;
    this.slots[slot] = sequence;
    sequence.markAdmitted(this.options.now());
    try {
      const { promptIds, adapter } = sequence.options;
      sequence.accept(await this.runner.prefill(slot, promptIds, adapter), this.options.now());
    } catch (error) {
      this.drop(slot, error);
    }
  }

  private async step(): Promise<void> {
    const running = [...this.slots.entries()].flatMap(([slot, sequence]) =>
      sequence && sequence.finishReason === null ? [{ slot, sequence }] : [],
    );
    if (running.length === 0) return;
    try {
      const logits = await this.runner.decode(running.map(({ slot, sequence }) => ({ slot, ...sequence.next })));
      for (const [i, { sequence }] of running.entries()) {
        if (sequence.finishReason === null) sequence.accept(logits[i]!, this.options.now());
      }
    } catch (error) {
      for (const { slot } of running) this.drop(slot, error);
    }
  }

  /** Frees what is over: slots first, then places in the queue. */
  private sweep(): void {
    for (const [slot, sequence] of this.slots.entries()) {
      if (!sequence?.finishReason) continue;
      this.slots[slot] = null;
      this.leave(sequence);
      sequence.finish(this.options.now());
    }
    for (const sequence of this.queue.filter((waiting) => waiting.finishReason)) {
      this.queue.splice(this.queue.indexOf(sequence), 1);
      this.leave(sequence);
      sequence.finish(this.options.now());
    }
  }

  private drop(slot: number, error: unknown): void {
    const sequence = this.slots[slot];
    this.slots[slot] = null;
    if (!sequence) return;
    this.leave(sequence);
    sequence.options.fail(error);
  }

  private leave({ options }: Sequence): void {
    this.byId.delete(options.id);
    if (options.adapterRef) this.adapters.release(options.adapterRef, this.options.now());
  }
}
