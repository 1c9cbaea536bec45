import { BaseError } from '#lib/kernel/base-error.ts';

/** The receipt that the sources were named by is not there yet. */
export class AnswerNotAttributedError extends BaseError {
  readonly code = 'answer_not_attributed';
  readonly category = 'conflict';
  constructor() {
    super('This answer has no sources yet, so none can be left out. Try again when its receipt is there.');
  }
}

/** Each takes a training: more than this many wait already. */
export class CounterfactualQueueFullError extends BaseError {
  readonly code = 'counterfactual_queue_full';
  readonly category = 'limited';
  constructor() {
    super('Many answers wait to be computed without some of their sources. Try again in a few minutes.', {
      retryAfterSeconds: 120,
    });
  }
}
