import { ApiError } from './api-error.ts';
import { readEvents } from './read-events.ts';
import { closingOf, documentHash, openingOf, type Task, type TaskEnd, type TaskSigner, type TaskWork } from './task.ts';
import type { Answer, AnswerRecord, ChatRequest, Job, JobEvent, Model, TrainingFile, Upload } from './types.ts';

export type OpenLedgerOptions = {
  /** Where it runs, e.g. `http://localhost:3000`; `/api/v1` is added. */
  url: string;
  /** Left out: public reads, and a few free answers a day. */
  apiKey?: string | undefined;
  fetch?: typeof fetch;
};

type Chunk = {
  choices: { delta: { content?: string }; finish_reason: Answer['finishReason'] | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  openledger?: AnswerRecord & { attribution?: AnswerRecord['attribution'] };
  error?: unknown;
};
const pieceBytes = 4 * 1024 * 1024;

/**
 * Typed access to OpenLedger's API. Every method throws ApiError where the server refuses. Nothing is repeated by itself: answers
 * cost money, so pass an idempotency key where you repeat.
 */
export class OpenLedger {
  private readonly base: string;
  private readonly apiKey: string | undefined;
  private readonly fetch: typeof fetch;

  constructor({ url, apiKey, fetch: send = fetch }: OpenLedgerOptions) {
    this.base = `${url.replace(/\/+$/, '')}/api/v1`;
    this.apiKey = apiKey;
    this.fetch = send;
  }

  async models(): Promise<Model[]> {
    return (await this.json<{ data: Model[] }>('GET', '/models')).data;
  }

  /** Text as it is written; the generator returns the whole answer with its record. */
  async *stream({ task, ...request }: ChatRequest, signal?: AbortSignal): AsyncGenerator<string, Answer, undefined> {
    const body = JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } });
    const headers = task ? { headers: { 'x-openledger-task': task } } : {};
    const response = await this.send('POST', '/chat/completions', { body, ...headers, ...(signal && { signal }) });
    const answer = { text: '', finishReason: 'stop', promptTokens: 0, completionTokens: 0 } as Omit<Answer, 'record'>;
    let record: Partial<AnswerRecord> = {};
    for await (const event of readEvents(response.body!)) {
      const chunk = event as Chunk;
      if (chunk.error) throw new ApiError(502, chunk, response.headers);
      record = { ...record, ...chunk.openledger };
      if (chunk.usage) {
        answer.promptTokens = chunk.usage.prompt_tokens;
        answer.completionTokens = chunk.usage.completion_tokens;
      }
      const [choice] = chunk.choices;
      answer.finishReason = choice?.finish_reason ?? answer.finishReason;
      answer.text += choice?.delta.content ?? '';
      if (choice?.delta.content) yield choice.delta.content;
    }
    return { ...answer, record: record as AnswerRecord };
  }

  /** The whole answer at once. */
  async chat(request: ChatRequest, signal?: AbortSignal): Promise<Answer> {
    const parts = this.stream(request, signal);
    for (;;) {
      const { value, done } = await parts.next();
      if (done) return value;
    }
  }

  /** Sends a JSON Lines file to train on. */
  async uploadTrainingFile(bytes: Uint8Array, filename: string): Promise<TrainingFile> {
    const form = new FormData();
    form.set('purpose', 'fine-tune');
    form.set('file', new Blob([new Uint8Array(bytes)]), filename);
    return (await (await this.send('POST', '/files', { body: form })).json()) as TrainingFile;
  }

  train(input: { model: string; training_file: string; suffix?: string; seed?: number; hyperparameters?: object }) {
    return this.json<Job>('POST', '/fine_tuning/jobs', input);
  }

  job(id: string): Promise<Job> {
    return this.json<Job>('GET', `/fine_tuning/jobs/${encodeURIComponent(id)}`);
  }

  cancelJob(id: string): Promise<Job> {
    return this.json<Job>('POST', `/fine_tuning/jobs/${encodeURIComponent(id)}/cancel`);
  }

  /** Newest first. */
  async jobEvents(id: string, limit = 20): Promise<JobEvent[]> {
    const path = `/fine_tuning/jobs/${encodeURIComponent(id)}/events?limit=${limit}`;
    return (await this.json<{ data: JobEvent[] }>('GET', path)).data;
  }

  /**
   * Sends a file (.csv, .tsv, .jsonl, .ndjson) into a Datanet, in pieces. The same key again goes on where it broke off. The rows
   * are read by a job: ask `upload` how far it is.
   */
  async push(datanet: string, file: { name: string; bytes: Uint8Array; idempotencyKey: string }): Promise<Upload> {
    const start = { file_name: file.name, size_bytes: file.bytes.length, idempotency_key: file.idempotencyKey };
    let upload = await this.json<Upload>('POST', `/datanets/${encodeURIComponent(datanet)}/uploads`, start);
    while (upload.status === 'receiving' && upload.received_bytes < file.bytes.length) {
      const body = file.bytes.slice(upload.received_bytes, upload.received_bytes + pieceBytes);
      const path = `/uploads/${upload.id}/pieces/${upload.received_bytes}`;
      upload = (await (await this.send('POST', path, { body })).json()) as Upload;
    }
    return upload;
  }

  upload(id: string): Promise<Upload> {
    return this.json<Upload>('GET', `/uploads/${encodeURIComponent(id)}`);
  }

  /** A receipt with all that a stranger needs to recompute it; `datanet verify` does. */
  receipt(id: string): Promise<Record<string, unknown>> {
    return this.json('GET', `/receipts/${encodeURIComponent(id)}`);
  }

  /**
   * Opens a task: what an app or agent is going to do for somebody, signed by its account before it calls anybody. Pass the id as
   * `task` of each `chat` or `stream`, and to other apps, which open their own task under it (`parent`).
   */
  async openTask(work: TaskWork, signer: TaskSigner): Promise<Task> {
    const gateway = work.gateway ?? (await this.json<{ gateway: string }>('GET', '/tasks')).gateway;
    const task = openingOf({ ...work, gateway }, signer);
    const signature = await signer.sign(documentHash(task));
    return this.json<Task>('POST', '/tasks', { task, signature });
  }

  /** The asker agrees to a task's price, at most `maxWei`: it is held until the task is closed. */
  acceptTask(id: string, maxWei: string): Promise<{ held_wei: string }> {
    return this.json('POST', `/tasks/${encodeURIComponent(id)}/acceptance`, { max_wei: maxWei });
  }

  task(id: string): Promise<Task> {
    return this.json('GET', `/tasks/${encodeURIComponent(id)}`);
  }

  /** Closes a task with everything that was called; waits until each answer has its receipt. `tasks`: of those below, the ones it called. */
  async closeTask(id: string, end: TaskEnd, signer: TaskSigner): Promise<Task> {
    let task = await this.task(id);
    for (let tries = 0; task.calls.waiting > 0 && tries < 120; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      task = await this.task(id);
    }
    const receipt = closingOf(task, end);
    const signature = await signer.sign(documentHash(receipt));
    return this.json<Task>('POST', `/tasks/${encodeURIComponent(id)}/receipt`, { receipt, signature });
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await (await this.send(method, path, init)).json()) as T;
  }

  private async send(method: string, path: string, init: RequestInit): Promise<Response> {
    const response = await this.fetch(`${this.base}${path}`, {
      ...init,
      method,
      headers: {
        ...(this.apiKey && { authorization: `Bearer ${this.apiKey}` }),
        ...(typeof init.body === 'string' && { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
    if (response.ok) return response;
    const body: unknown = await response.json().catch(() => null);
    throw new ApiError(response.status, body, response.headers);
  }
}
