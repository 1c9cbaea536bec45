import { BaseError } from '#lib/kernel/base-error.ts';

export class InferenceNotAttributableError extends BaseError {
  readonly code = 'inference_not_attributable';
  readonly category = 'conflict';
  constructor(inferenceId: string) {
    super('This answer has no generated text, so there is nothing to attribute.', { details: inferenceId });
  }
}

export class IndexMismatchError extends BaseError {
  readonly code = 'attribution_index_mismatch';
  readonly category = 'internal';
  constructor() {
    super(
      "The attribution index does not match the Datanet version that the model was trained on. The model's owner must rebuild it.",
    );
  }
}

export class ReceiptNotFoundError extends BaseError {
  readonly code = 'receipt_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no receipt with this id.');
  }
}

export class IndexNotFoundError extends BaseError {
  readonly code = 'attribution_index_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no adapter with this id, so no attribution index.');
  }
}
