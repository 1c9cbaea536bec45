/** A refusal by the API: OpenAI's body with our stable `code`, and when another try is worth it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly param: string | null;
  readonly requestId: string | null;
  /** Null: repeating it is in vain, or nobody can tell. */
  readonly retryAfterSeconds: number | null;

  constructor(status: number, body: unknown, headers: Headers) {
    const { error = {} } = (body ?? {}) as { error?: { message?: string; code?: string; param?: string | null } };
    super(error.message ?? `The server answered ${status}.`);
    this.name = 'ApiError';
    this.status = status;
    this.code = error.code ?? 'unknown';
    this.param = error.param ?? null;
    this.requestId = headers.get('x-request-id');
    const seconds = Number(headers.get('retry-after'));
    this.retryAfterSeconds = headers.has('retry-after') && Number.isFinite(seconds) ? seconds : null;
  }
}
