export type TrainingErrorCode =
  | 'dataset_empty'
  | 'recipe_invalid'
  | 'checkpoint_invalid'
  | 'checkpoint_mismatch'
  | 'fork_mismatch'
  | 'training_diverged'
  | 'training_learnt_nothing'
  | 'merge_not_better'
  | 'training_stopped'
  | 'training_thread_failed';

/** A training that could not start, was stopped or whose result must not be used; `code` says which. */
export class TrainingError extends Error {
  readonly code: TrainingErrorCode;
  override readonly name = 'TrainingError';

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
