import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { BaseError } from '#lib/kernel/base-error.ts';

const bodyBytesMax = 4 * 1024 * 1024;

/** The caller's fault or ours, as an HTTP status with a stable code; when another try is worth it, `retry-after` says. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  const { status, code, message, retryAfterSeconds } = describeFailure(error);
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', retryAfterSeconds);
  sendJson(response, status, { error: { code, message } });
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

type Failure = { status: number; code: string; message: string; retryAfterSeconds?: number };

/** Code and sentence of a failure, also for the last line of a stream that broke. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return { status: 400, code: 'request_invalid', message: `${issue?.path.join('.')}: ${issue?.message}` };
  }
  if (error instanceof BaseError) {
    const status = { 'not-found': 404, internal: 500, unavailable: 503 }[error.category as string] ?? 400;
    return { status, code: error.code, message: error.message };
  }
  const { code, message = '', retryAfterSeconds } = error as { code?: unknown } & Partial<Failure>;
  const known = typeof code === 'string' ? engineStatus[code] : undefined;
  if (known === undefined) return { status: 500, code: 'internal', message: 'The model could not answer.' };
  const wait = known === 503 ? { retryAfterSeconds: retryAfterSeconds ?? 5 } : {};
  return { status: known, code: code as string, message, ...wait };
}

/** Codes of lib/engine: serving (errors.ts, openai-compatible/errors.ts), io and tokenizer. */
const engineStatus: Record<string, number> = {
  body_invalid: 400,
  prompt_too_long: 400,
  generate_request_invalid: 400,
  chat_template_failed: 400,
  adapter_invalid: 422,
  adapter_mismatch: 422,
  adapter_base_mismatch: 422,
  fleet_adapter_refused: 422,
  queue_full: 503,
  engine_stopped: 503,
  fleet_unavailable: 503,
  draining: 503,
};

/** Reads and parses a JSON body of at most 4 MB. Throws with the code `body_invalid`. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax) throw bodyError('the body is larger than 4 MB');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw bodyError('the body is not JSON');
  }
}

/** Whether the request carries the internal token. Compares digests, so that its time says nothing about the token. */
export function isAuthorized(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

/** Writes one NDJSON line; waits while the client is slower than the model. */
export async function writeLine(response: ServerResponse, value: unknown, signal: AbortSignal): Promise<void> {
  if (response.write(`${JSON.stringify(value)}\n`) || signal.aborted) return;
  await once(response, 'drain', { signal }).catch(() => {});
}

const bodyError = (message: string) => Object.assign(new Error(message), { code: 'body_invalid' });
