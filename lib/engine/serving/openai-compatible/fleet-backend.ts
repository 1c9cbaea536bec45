import { renderChat, stopIds } from '../../tokenizer/chat.ts';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { checkRequest } from '../check-request.ts';
import { EngineStoppedError, PromptTooLongError, QueueFullError } from '../errors.ts';
import type {
  AdapterRef,
  AdapterState,
  EngineMetrics,
  GenerateDone,
  GenerateEvent,
  GenerateRequest,
  ServingBackend,
} from '../types.ts';
import { AnswerStream } from './answer-stream.ts';
import { type CompletionChunk, isPartOfAnswer } from './completion-chunk.ts';
import { completionRequest } from './completion-request.ts';
import { type Dialect, dialects, type FleetKind } from './dialect.ts';
import { FleetUnavailableError, ReplicaError } from './errors.ts';
import { Fleet } from './fleet.ts';
import { FleetRecord } from './fleet-record.ts';
import type { Replica } from './replica.ts';
import { streamCompletion } from './stream-completion.ts';

export type FleetBackendOptions = {
  kind: FleetKind;
  /** Root address of each server, e.g. `http://10.0.0.5:8000`. */
  urls: readonly string[];
  /** Sent as bearer token: the servers' `--api-key`. */
  apiKey?: string;
  /** Folder with the base's config.json and tokenizer files; its weights are not needed. */
  modelDir: string;
  /** Prompt and answer together, as config.json has it; a server's own smaller limit wins. */
  contextTokens: number;
  /** Adapters that we keep loaded on one server. At most its `--max-cpu-loras` (vLLM), `--max-loaded-loras` (SGLang). */
  maxLoras?: number;
  /** Answers at the same time on one server; beyond that, on all of them, requests are turned away. Default 64. */
  maxInFlight?: number;
  /** Until the first token, adapter already loaded. Default 60 s. */
  firstTokenTimeoutMs?: number;
  /** Between two tokens. Default 30 s. */
  idleTimeoutMs?: number;
  /** For a load or an unload. Default 60 s. */
  loadTimeoutMs?: number;
  healthIntervalMs?: number;
};

const attemptsMax = 3;
const probeText = 'The river rises; 42 tokens agree: «naïve» \n\tfn(x) => x ** 2';

/**
 * Serves a base model that is too large for this machine through a fleet of vLLM or SGLang servers and their LoRA
 * endpoints, behind the face of `GenerationEngine`. Adapters' `dir` is a folder as the servers see it.
 *
 * The chat template and tokenizer are ours: prompts travel as token ids, and the ids of the answer are the server's own
 * (`return_token_ids`), so an answer can be attributed and receipted like one of this machine's. A request is tried again,
 * on another server where there is one, only while nothing of its answer was sent on.
 */
export class FleetBackend implements ServingBackend {
  private readonly options: Required<Omit<FleetBackendOptions, 'apiKey'>>;
  private readonly dialect: Dialect;
  private readonly tokenizer: Tokenizer;
  private readonly fleet: Fleet;
  private readonly record: FleetRecord;
  private readonly endIds: readonly number[];
  private readonly closing = new AbortController();

  /**
   * Reads the tokenizer and asks each server once. Servers that are down or still starting are asked again for ever:
   * meanwhile requests throw FleetUnavailableError. @throws TokenizerError
   */
  static async open(given: FleetBackendOptions): Promise<FleetBackend> {
    const backend = new FleetBackend(given, await Tokenizer.load(given.modelDir));
    await backend.fleet.open();
    return backend;
  }

  private constructor({ apiKey, ...given }: FleetBackendOptions, tokenizer: Tokenizer) {
    const options = {
      maxLoras: 16,
      maxInFlight: 64,
      firstTokenTimeoutMs: 60_000,
      idleTimeoutMs: 30_000,
      loadTimeoutMs: 60_000,
      healthIntervalMs: 5_000,
      ...given,
    };
    this.options = options;
    this.tokenizer = tokenizer;
    this.dialect = dialects[options.kind];
    this.endIds = stopIds(tokenizer);
    this.fleet = new Fleet({
      ...options,
      apiKey,
      dialect: this.dialect,
      healthTimeoutMs: Math.min(5_000, options.loadTimeoutMs),
      probe: { text: probeText, ids: tokenizer.encode(probeText) },
      now: () => Date.now(),
    });
    this.record = new FleetRecord(this.fleet, options.maxInFlight);
  }

  get contextTokens(): number {
    return Math.min(this.options.contextTokens, this.fleet.contextTokens);
  }

  /**
   * @throws GenerateRequestError, PromptTooLongError, QueueFullError, FleetAdapterError before the first token;
   * FleetUnavailableError then too, and when the stream breaks
   */
  async *generate(request: GenerateRequest): AsyncGenerator<GenerateEvent, void, undefined> {
    const begunMs = Date.now();
    const promptIds = this.promptOf(request);
    const leave = new AbortController();
    const signal = AbortSignal.any([leave.signal, this.closing.signal, ...(request.signal ? [request.signal] : [])]);
    const answer = new AnswerStream(this.tokenizer, {
      stop: request.stop ?? [],
      topLogprobs: request.topLogprobs ?? 0,
    });
    let firstTokenMs: number | null = null;
    const finish = (reason: GenerateDone['finishReason']) =>
      this.record.finish({ reason, promptIds, answer, begunMs, firstTokenMs });
    let isSettled = false;
    let done: GenerateDone;
    try {
      for await (const chunk of this.streamWithRetries(request, promptIds, signal)) {
        for (const event of answer.push(chunk)) {
          firstTokenMs ??= Date.now();
          yield event;
        }
        if (answer.finishReason) break;
      }
      isSettled = true;
      answer.settleIds();
      done = finish(answer.finishReason ?? 'length');
    } catch (error) {
      isSettled = true;
      if (!request.signal?.aborted || this.closing.signal.aborted) {
        this.record.fail(error);
        throw this.toPublicError(error);
      }
      done = finish('cancelled');
    } finally {
      if (!isSettled) finish('cancelled'); // the reader left the loop
      leave.abort();
    }
    yield done;
  }

  async adapters(): Promise<readonly AdapterState[]> {
    return this.record.adapters();
  }

  async metrics(): Promise<EngineMetrics> {
    return this.record.metrics();
  }

  /** Loads the adapter on the least loaded server; with `pin`, it stays there until `unload`. */
  async prewarm(adapter: AdapterRef, { pin = false }: { pin?: boolean } = {}): Promise<void> {
    const replica = this.fleet.choose(adapter.id, new Set());
    try {
      const { release, loadMs } = await replica.acquire(adapter.id, adapter.dir);
      this.record.use(adapter, loadMs);
      if (pin) replica.pin(adapter.id);
      release();
    } catch (error) {
      throw this.toPublicError(error);
    }
  }

  async unload(adapterId: string): Promise<boolean> {
    const unloaded = await Promise.all(this.fleet.replicas.map((replica) => replica.unload(adapterId)));
    return unloaded.some(Boolean);
  }

  /** Running answers throw EngineStoppedError. The servers go on; they are not ours. */
  async close(): Promise<void> {
    this.closing.abort();
    this.fleet.close();
  }

  private promptOf(request: GenerateRequest): number[] {
    checkRequest(request);
    const { promptIds, messages } = request;
    const ids = promptIds ?? renderChat(this.tokenizer, messages, { addGenerationPrompt: true }).ids;
    const limit = this.contextTokens - 1;
    if (ids.length > limit) throw new PromptTooLongError(ids.length, limit);
    return [...ids];
  }

  /** Chunks of one answer. Another server is asked only until the first chunk with a token or text came. */
  private async *streamWithRetries(
    request: GenerateRequest,
    promptIds: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<CompletionChunk, void, undefined> {
    const tried = new Set<Replica>();
    for (let attempt = 1; ; attempt++) {
      let hasBegun = false;
      const replica = this.fleet.choose(request.adapter?.id ?? null, tried);
      try {
        for await (const chunk of this.stream(replica, request, promptIds, signal)) {
          hasBegun ||= isPartOfAnswer(chunk);
          yield chunk;
        }
        return;
      } catch (error) {
        if (signal.aborted || hasBegun || !(error instanceof ReplicaError)) throw error;
        if (error.kind === 'down') replica.markDown(error.message);
        if (error.kind === 'forgot-adapter' && request.adapter) replica.forget(request.adapter.id);
        else tried.add(replica);
        if (attempt === attemptsMax || !this.fleet.canTry(tried)) throw error;
      }
    }
  }

  private async *stream(
    replica: Replica,
    request: GenerateRequest,
    promptIds: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<CompletionChunk, void, undefined> {
    replica.inFlight++;
    let release = () => {};
    try {
      if (request.adapter) {
        const acquired = await replica.acquire(request.adapter.id, request.adapter.dir);
        release = acquired.release;
        this.record.use(request.adapter, acquired.loadMs);
      }
      signal.throwIfAborted();
      const body = completionRequest(request, {
        dialect: this.dialect,
        model: this.dialect.modelOf(replica.baseName, request.adapter?.id ?? null),
        promptIds,
        maxTokens: Math.min(request.maxTokens, this.contextTokens - promptIds.length),
        stopTokenIds: this.endIds,
      });
      yield* streamCompletion(replica, body, this.options, signal);
    } finally {
      release();
      replica.inFlight--;
    }
  }

  private toPublicError(error: unknown): unknown {
    if (this.closing.signal.aborted) return new EngineStoppedError('The fleet backend is closed.', { cause: error });
    if (!(error instanceof ReplicaError)) return error;
    if (error.kind === 'busy') return new QueueFullError(this.fleet.inFlight, 2);
    return new FleetUnavailableError(error.message, { cause: error });
  }
}
