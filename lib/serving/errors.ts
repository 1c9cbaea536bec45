import { BaseError } from '#lib/kernel/base-error.ts';
import { formatOpen } from '#lib/kernel/money.ts';

export class ModelNotFoundError extends BaseError {
  readonly code = 'model_not_found';
  readonly category = 'not-found';
  constructor(name: string) {
    super(
      `There is no live model named "${name.slice(0, 80)}". GET /api/v1/models lists the models that can be asked.`,
    );
  }
}

export class NoChannelError extends BaseError {
  readonly code = 'no_channel';
  readonly category = 'payment-required';
  constructor(needWei: bigint) {
    super(
      `This answer costs at most ${formatOpen(needWei)} OPEN and you have no deposit yet. Deposit OPEN once, then ask again.`,
      {
        facts: { neededWei: needWei.toString() },
      },
    );
  }
}

export class InsufficientDepositError extends BaseError {
  readonly code = 'insufficient_deposit';
  readonly category = 'payment-required';
  constructor(channelId: string, freeWei: bigint, needWei: bigint) {
    super(
      `Your deposit has ${formatOpen(freeWei)} OPEN free and this answer costs at most ${formatOpen(needWei)} OPEN: ` +
        `${formatOpen(needWei - freeWei)} OPEN are missing. Deposit at least that much, or ask for fewer tokens.`,
      {
        facts: {
          channelId,
          freeWei: freeWei.toString(),
          neededWei: needWei.toString(),
          shortfallWei: (needWei - freeWei).toString(),
        },
      },
    );
  }
}

export class VoucherTooSmallError extends BaseError {
  readonly code = 'voucher_too_small';
  readonly category = 'payment-required';
  constructor(channelId: string, voucherWei: bigint, requiredWei: bigint) {
    super(
      'A payment voucher for this answer is missing. The page signs it with your session key; from code, use an API key.',
      {
        facts: { channelId, voucherWei: voucherWei.toString(), requiredVoucherWei: requiredWei.toString() },
      },
    );
  }
}

export class InvalidVoucherError extends BaseError {
  readonly code = 'invalid_voucher';
  readonly category = 'invalid';
  constructor(why: string) {
    super(`The payment voucher was refused: ${why}.`);
  }
}

export class ApiKeyBudgetError extends BaseError {
  readonly code = 'api_key_budget';
  readonly category = 'payment-required';
  constructor(leftWei: bigint, needWei: bigint) {
    super(
      `This key has ${formatOpen(leftWei)} OPEN of its budget left and the answer costs at most ${formatOpen(needWei)} OPEN. Make a key with a larger budget.`,
      {
        facts: { leftWei: leftWei.toString(), neededWei: needWei.toString() },
      },
    );
  }
}

export class FreeQuotaError extends BaseError {
  readonly code = 'free_quota';
  readonly category = 'payment-required';
  constructor(perDay: number, retryAfterSeconds: number) {
    super(`The ${perDay} free answers of today are used. Connect a wallet and deposit OPEN, or come back tomorrow.`, {
      retryAfterSeconds,
    });
  }
}

export class InferenceInProgressError extends BaseError {
  readonly code = 'inference_in_progress';
  readonly category = 'conflict';
  constructor() {
    super('An answer with this idempotency key is being written right now. Wait for it, or use a new key.', {
      retryAfterSeconds: 1,
    });
  }
}

/** The same key with other words or settings: the first answer would not be an answer to this. */
export class IdempotencyMismatchError extends BaseError {
  readonly code = 'idempotency_mismatch';
  readonly category = 'conflict';
  constructor() {
    super('This idempotency key belongs to another request. Send this one with a new key.');
  }
}

/** A model on a fleet of GPU servers, which give words and no hidden states. */
export class EmbeddingsUnsupportedError extends BaseError {
  readonly code = 'model_cannot_embed';
  readonly category = 'invalid';
  constructor(name: string) {
    super(
      `"${name.slice(0, 80)}" makes no embeddings: the servers that it runs on give text alone. Ask a model that this machine runs.`,
      { fieldErrors: { model: 'makes no embeddings' } },
    );
  }
}

export class ContextTooLongError extends BaseError {
  readonly code = 'context_length_exceeded';
  readonly category = 'invalid';
  constructor(promptTokens: number, contextTokens: number) {
    super(
      `The messages are ${promptTokens} tokens and this model reads ${contextTokens} tokens, answer included. Shorten them by at least ${promptTokens - contextTokens + 1} tokens.`,
      { facts: { promptTokens, contextTokens } },
    );
  }
}

export class ConversationRefusedError extends BaseError {
  readonly code = 'conversation_refused';
  readonly category = 'invalid';
  /** @param reason the sentence of the model's chat template, which comes with the model and names no user's data */
  constructor(reason: string) {
    super(`This model does not take the messages in this form. ${reason}`);
  }
}

export class ServeUnavailableError extends BaseError {
  readonly code = 'serve_unavailable';
  readonly category = 'unavailable';
  constructor(details: string, cause?: unknown) {
    super('The model server is not answering right now. Nothing was charged; try again in a few seconds.', {
      details,
      cause,
      retryAfterSeconds: 5,
    });
  }
}

/** Too many requests wait in the serve process, or it is being restarted. Raised before anything is charged. */
export class ServeOverloadedError extends BaseError {
  readonly code = 'serve_overloaded';
  readonly category = 'unavailable';
  constructor(details: string, retryAfterSeconds: number) {
    super(
      `The model server has as many requests as it can take. Nothing was charged; try again in ${retryAfterSeconds} s.`,
      { details, retryAfterSeconds },
    );
  }
}

/** The base model on this server is not the one that the adapter was trained on. */
export class AdapterBaseReplacedError extends BaseError {
  readonly code = 'adapter_base_replaced';
  readonly category = 'conflict';
  constructor(details: string) {
    super(
      "This model was trained on another version of its base model than the one on this server, so its answers would be wrong. Nothing was charged. Ask another model, or the model's owner to train it again.",
      { details },
    );
  }
}

/** The adapter's files are damaged, or do not fit its base. */
export class AdapterUnusableError extends BaseError {
  readonly code = 'adapter_unusable';
  readonly category = 'conflict';
  constructor(details: string) {
    super("This model's adapter cannot be loaded on this server, so it cannot answer. Nothing was charged.", {
      details,
    });
  }
}

export class AdapterForbiddenError extends BaseError {
  readonly code = 'adapter_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super('Only the model’s owner and the operator of this server decide what is kept in memory.');
  }
}

export class PinsUsedUpError extends BaseError {
  readonly code = 'pins_used_up';
  readonly category = 'conflict';
  constructor(most: number) {
    super(
      `You have ${most} adapters pinned already, which is as many as one account may keep in everybody’s memory. Let go of one of them first.`,
      { facts: { most } },
    );
  }
}

export class CanaryForbiddenError extends BaseError {
  readonly code = 'canary_forbidden';
  readonly category = 'forbidden';
  constructor() {
    super('Only the model’s owner decides which of their models answers its questions.');
  }
}

export class CanaryUnfitError extends BaseError {
  readonly code = 'canary_unfit';
  readonly category = 'conflict';
  constructor() {
    super(
      'The other model cannot stand in: it must be live, yours, on the same base, not dearer, because people see and pay the price of the model they ask, and not for holders of another pass.',
    );
  }
}
