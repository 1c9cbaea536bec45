import { BaseError } from '#lib/kernel/base-error.ts';

export class EmbeddingInputTooLongError extends BaseError {
  readonly code = 'embedding_input_too_long';
  readonly category = 'invalid';
  constructor(tokens: number, most: number) {
    super(`The texts have ${tokens} tokens together; one request takes ${most}. Send them in several requests.`, {
      facts: { tokens, most },
      fieldErrors: { input: `at most ${most} tokens` },
    });
  }
}

export class UnknownTokenError extends BaseError {
  readonly code = 'unknown_token';
  readonly category = 'invalid';
  constructor(model: string) {
    super(
      `A token id is not of the vocabulary of "${model.slice(0, 80)}". Send the text as words, or tokens of its base.`,
      {
        fieldErrors: { input: 'has a token that the model does not know' },
      },
    );
  }
}
