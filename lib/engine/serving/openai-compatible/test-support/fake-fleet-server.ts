import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tokenizer } from '../../../tokenizer/tokenizer.ts';
import type { FleetKind } from '../dialect.ts';

export type FakeFleetOptions = {
  kind: FleetKind;
  tokenizer: Tokenizer;
  /** Adapter folders that exist on this server's disk. */
  folders: readonly string[];
  apiKey?: string;
  /** Refuses a load beyond it, as SGLang's --max-loaded-loras does. */
  maxLoras?: number;
  /** Text that an adapter (null: the base) answers. */
  say: (adapterId: string | null) => string;
  endId: number;
  /** A server from before return_token_ids: `none` tells ids nowhere, `logprobs` as `token_id:<id>`. */
  idsIn?: 'token_ids' | 'logprobs' | 'none';
};
type Body = Record<string, unknown> & { prompt: number[]; stop: string[]; max_tokens: number; logprobs: number };

/**
 * The protocol of a vLLM or SGLang server over real HTTP, with a loader and a text instead of a model: LoRA endpoints with
 * their rules and words of refusal, model list, health, tokenizer, streamed completions. Faults are switched by the test.
 */
export class FakeFleetServer {
  readonly adapters = new Map<string, string>();
  readonly log: string[] = [];
  readonly bodies: Body[] = [];
  isReady = true;
  /** What happens to the next answers after so many tokens. */
  fault: { after: number; kind: 'break' | 'error-chunk' | 'hang' } | null = null;
  /** Status for the next completions instead of an answer. */
  refuseWith: number | null = null;
  tokenDelayMs = 0;
  loadDelayMs = 0;
  /** Connections that the client closed before the answer was over. */
  closedEarly = 0;
  private readonly options: FakeFleetOptions;
  private readonly server: Server;
  private port = 0;

  constructor(options: FakeFleetOptions) {
    this.options = options;
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** As after a crash: adapters are gone. */
  async stop(): Promise<void> {
    this.adapters.clear();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const route = `${request.method} ${request.url}`;
    if (!/health|models|tokenize/.test(route)) this.log.push(`${route} ${body.lora_name ?? body.model}`);
    const { apiKey, kind, tokenizer } = this.options;
    const loraPath = kind === 'vllm' ? '/v1' : '';
    if (route === 'GET /health') return send(response, this.isReady ? 200 : 503, '');
    if (!this.isReady) return void request.socket.destroy();
    if (apiKey && request.headers.authorization !== `Bearer ${apiKey}`)
      return send(response, 401, { error: 'Unauthorized' });
    if (route === 'GET /v1/models') return send(response, 200, this.models());
    if (route === 'POST /tokenize') return send(response, 200, { tokens: tokenizer.encode(body.prompt) });
    if (route === `POST ${loraPath}/load_lora_adapter`) return this.load(response, body);
    if (route === `POST ${loraPath}/unload_lora_adapter`) return this.unload(response, body);
    if (route === 'POST /v1/completions') return this.complete(response, body);
    send(response, 404, { detail: 'Not Found' });
  }

  private models(): object {
    const parent = 'big-base';
    const loras = [...this.adapters].map(([id, root]) => ({ id, object: 'model', root, parent }));
    return {
      object: 'list',
      data: [{ id: parent, object: 'model', root: '/models/big', parent: null, max_model_len: 80 }, ...loras],
    };
  }

  private async load(response: ServerResponse, { lora_name, lora_path }: Record<string, string>): Promise<void> {
    await sleep(this.loadDelayMs);
    const isVllm = this.options.kind === 'vllm';
    const refuse = (status: number, message: string) =>
      send(
        response,
        isVllm ? status : 400,
        isVllm ? { error: { message, code: status } } : { success: false, error_message: message },
      );
    const { maxLoras = 100, folders } = this.options;
    if (this.adapters.has(lora_name!)) {
      return refuse(
        400,
        isVllm
          ? `The lora adapter '${lora_name}' has already been loaded.`
          : `LoRA with name ${lora_name} already exists.`,
      );
    }
    if (!folders.includes(lora_path!)) {
      return refuse(
        404,
        isVllm
          ? `Loading lora ${lora_name} failed: No adapter found for ${lora_path}`
          : `${lora_path}/adapter_config.json is missing`,
      );
    }
    if (this.adapters.size >= maxLoras) return refuse(400, `Maximum number of loaded LoRA adapters is ${maxLoras}.`);
    this.adapters.set(lora_name!, lora_path!);
    send(response, 200, isVllm ? `Success: LoRA adapter '${lora_name}' added successfully.` : { success: true });
  }

  private unload(response: ServerResponse, { lora_name }: Record<string, string>): void {
    const isGone = this.adapters.delete(lora_name!);
    const message = `The lora adapter '${lora_name}' cannot be found.`;
    if (isGone) send(response, 200, 'Success');
    else send(response, this.options.kind === 'vllm' ? 404 : 400, { error: { message } });
  }

  private async complete(response: ServerResponse, body: Body): Promise<void> {
    this.bodies.push(body);
    if (this.refuseWith) return send(response, this.refuseWith, { error: { message: 'refused by the test' } });
    const [base, ...rest] = this.options.kind === 'sglang' ? String(body.model).split(':') : [];
    const adapter =
      this.options.kind === 'sglang' ? rest[0] : body.model === 'big-base' ? undefined : String(body.model);
    if ((adapter && !this.adapters.has(adapter)) || (base ?? 'big-base') !== 'big-base') {
      const isVllm = this.options.kind === 'vllm';
      const message = isVllm ? `The model \`${body.model}\` does not exist.` : `LoRA adapter ${adapter} is not loaded.`;
      return send(response, isVllm ? 404 : 400, { error: { message } });
    }
    if (!Array.isArray(body.prompt) || body.prompt.length === 0)
      return send(response, 400, { error: { message: 'prompt' } });
    response.on('close', () => !response.writableFinished && this.closedEarly++);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await this.stream(response, body, adapter ?? null);
  }

  private async stream(response: ServerResponse, body: Body, adapter: string | null): Promise<void> {
    const { tokenizer, say, endId } = this.options;
    const all = [...tokenizer.encode(say(adapter)), endId];
    const ids = all.slice(0, body.max_tokens);
    const decoder = tokenizer.streamDecoder();
    const write = (event: unknown) =>
      response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`);
    for (const [i, id] of ids.entries()) {
      if (this.fault?.after === i) {
        if (this.fault.kind === 'hang') return;
        if (this.fault.kind === 'break') return void response.destroy();
        write({ error: { message: 'out of memory', code: 500 } });
        break;
      }
      await sleep(this.tokenDelayMs);
      if (response.destroyed) return;
      const isEnd = id === endId;
      const finish = isEnd ? 'stop' : i === ids.length - 1 ? 'length' : null;
      const text = isEnd ? '' : decoder.push(id);
      write({ choices: [{ index: 0, text, finish_reason: finish, ...this.tokenFields(id, text, i, body) }] });
    }
    write('[DONE]');
    response.end();
  }

  private tokenFields(id: number, text: string, position: number, body: Body): object {
    const { idsIn = 'token_ids', tokenizer } = this.options;
    const named = (token: number, as: string) =>
      body.return_tokens_as_token_ids && idsIn !== 'none' ? `token_id:${token}` : as;
    const others = Array.from({ length: Number(body.logprobs) }, (_, i) => i + 10);
    const top = Object.fromEntries(others.map((token) => [named(token, tokenizer.decode([token])), -2 - token]));
    return {
      ...(idsIn === 'token_ids' && body.return_token_ids ? { token_ids: [id] } : {}),
      logprobs: {
        tokens: [named(id, text)],
        token_logprobs: [-0.5 - position],
        top_logprobs: [{ ...top, [named(id, text)]: -0.5 - position }],
      },
    };
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
