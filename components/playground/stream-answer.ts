import type { VoucherInput } from '#lib/serving/schema.ts';
import { serverSentData } from './server-sent-data.ts';

export type AnswerRequest = {
  model: string;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  maxTokens: number;
  temperature: number;
  topP?: number | undefined;
  repetitionPenalty?: number | undefined;
  /** The same seed, question and settings give the same answer. */
  seed?: number | undefined;
  /** Rows of the Datanet that the model may read before it answers; 0: none. */
  rows: number;
  idempotencyKey: string;
};
export type AnswerUpdate =
  | { type: 'start'; inferenceId: string; receiptId: string; ceilingWei: bigint; rowsRead: string[] | null }
  | { type: 'text'; text: string }
  | { type: 'done'; feeWei: bigint; finishReason: string };

/** A refused request: the server's sentence, its stable code and facts (amounts in wei as text). */
export class AnswerError extends Error {
  readonly code: string;
  readonly facts: Record<string, string>;
  constructor(message: string, code: string, facts: Record<string, string>) {
    super(message);
    this.name = 'AnswerError';
    this.code = code;
    this.facts = facts;
  }
}

type SignVoucher = (channelId: `0x${string}`, requiredWei: bigint) => Promise<VoucherInput>;

/**
 * Asks over the public API and yields the answer as it arrives. When the server wants a voucher (402 `voucher_too_small`),
 * `signVoucher` signs exactly the amount asked for and the same request is sent again under the same idempotency key.
 */
export async function* streamAnswer(
  request: AnswerRequest,
  signal: AbortSignal,
  signVoucher: SignVoucher | null,
): AsyncGenerator<AnswerUpdate> {
  let voucher: VoucherInput | undefined;
  for (let attempt = 0; ; attempt++) {
    const response = await post(request, voucher, signal);
    if (response.ok && response.body) {
      yield* readEvents(response.body);
      return;
    }
    const error = await toAnswerError(response);
    const { channelId, requiredVoucherWei } = error.facts;
    // Another tab may have used the voucher meanwhile: a few tries, never for ever.
    if (error.code !== 'voucher_too_small' || !signVoucher || !channelId || !requiredVoucherWei || attempt >= 3)
      throw error;
    voucher = await signVoucher(channelId as `0x${string}`, BigInt(requiredVoucherWei));
  }
}

async function post(request: AnswerRequest, voucher: VoucherInput | undefined, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch('/api/v1/chat/completions', {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', 'idempotency-key': request.idempotencyKey },
      body: JSON.stringify({
        model: request.model,
        messages: request.messages,
        max_tokens: request.maxTokens,
        temperature: request.temperature,
        top_p: request.topP,
        repetition_penalty: request.repetitionPenalty,
        seed: request.seed,
        stream: true,
        ...(request.rows > 0 ? { retrieval: { rows: request.rows } } : {}),
        ...(voucher ? { voucher } : {}),
      }),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new AnswerError(
      'The server could not be reached. Check your connection and ask again; nothing was charged.',
      'offline',
      {},
    );
  }
}

async function toAnswerError(response: Response): Promise<AnswerError> {
  const body = await response.json().catch(() => null);
  const error = body?.error;
  return new AnswerError(
    error?.message ?? `The server answered ${response.status}.`,
    error?.code ?? 'unknown',
    error?.facts ?? {},
  );
}

type Chunk = {
  choices: { delta: { content?: string }; finish_reason: string | null }[];
  openledger?: {
    inference_id: string;
    receipt_id: string;
    ceiling_wei: string;
    fee_wei?: string;
    rows_read?: string[];
  };
  error?: { message: string; code: string; facts?: Record<string, string> };
};

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<AnswerUpdate> {
  for await (const data of serverSentData(body)) {
    if (data === '[DONE]') return;
    const chunk = JSON.parse(data) as Chunk;
    if (chunk.error) throw new AnswerError(chunk.error.message, chunk.error.code, chunk.error.facts ?? {});
    const choice = chunk.choices[0];
    const meta = chunk.openledger;
    if (meta && choice?.finish_reason == null) {
      yield {
        type: 'start',
        inferenceId: meta.inference_id,
        receiptId: meta.receipt_id,
        ceilingWei: BigInt(meta.ceiling_wei),
        rowsRead: meta.rows_read ?? null,
      };
    }
    if (choice?.delta.content) yield { type: 'text', text: choice.delta.content };
    if (meta && choice?.finish_reason) {
      yield { type: 'done', feeWei: BigInt(meta.fee_wei ?? '0'), finishReason: choice.finish_reason };
    }
  }
}
