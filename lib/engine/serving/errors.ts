import { AdapterFormatError, AdapterMismatchError } from '../io/adapter-errors.ts';

/** The prompt leaves no room for an answer. */
export class PromptTooLongError extends Error {
  readonly code = 'prompt_too_long';
  override readonly name = 'PromptTooLongError';
  readonly promptTokens: number;
  readonly limitTokens: number;

  constructor(promptTokens: number, limitTokens: number) {
    super(`The prompt has ${promptTokens} tokens; this model takes at most ${limitTokens}.`);
    this.promptTokens = promptTokens;
    this.limitTokens = limitTokens;
  }
}

/** Too many requests wait already, of this caller or in all. Over HTTP: 503 with `Retry-After: retryAfterSeconds`. */
export class QueueFullError extends Error {
  readonly code = 'queue_full';
  override readonly name = 'QueueFullError';
  /** When the queue will have moved, judged by how fast it moved lately; a whole number, at least 1. */
  readonly retryAfterSeconds: number;

  constructor(limit: number, retryAfterSeconds = 1) {
    super(`${limit} requests are waiting already; try again in ${retryAfterSeconds} s.`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A request parameter out of its range; the message names it. */
export class GenerateRequestError extends Error {
  readonly code = 'generate_request_invalid';
  override readonly name = 'GenerateRequestError';
}

/** The adapter's manifest names another base than this one: same shapes perhaps, other weights. */
export class AdapterBaseError extends Error {
  readonly code = 'adapter_base_mismatch';
  override readonly name = 'AdapterBaseError';
}

/** The engine was closed, or its thread died; `cause` says why. Open a new engine. */
export class EngineStoppedError extends Error {
  readonly code = 'engine_stopped';
  override readonly name = 'EngineStoppedError';
}

/** An error in the form in which it crosses the thread border, where classes are lost. */
export type ErrorMessage = { code: string; message: string; promptTokens?: number; limitTokens?: number };

export function toErrorMessage(error: unknown): ErrorMessage {
  const { code, message, promptTokens, limitTokens } = error as ErrorMessage;
  return { code: code ?? 'engine_failed', message: message ?? String(error), promptTokens, limitTokens };
}

/** The error that `toErrorMessage` was given; unknown codes become a plain Error with the code attached. */
export function fromErrorMessage(error: ErrorMessage): Error {
  if (error.code === 'prompt_too_long') return new PromptTooLongError(error.promptTokens!, error.limitTokens!);
  const classes = {
    adapter_invalid: AdapterFormatError,
    adapter_mismatch: AdapterMismatchError,
    adapter_base_mismatch: AdapterBaseError,
    generate_request_invalid: GenerateRequestError,
    engine_stopped: EngineStoppedError,
  };
  const known = classes[error.code as keyof typeof classes];
  return known ? new known(error.message) : Object.assign(new Error(error.message), { code: error.code });
}
