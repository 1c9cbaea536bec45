import { BaseError } from '#lib/kernel/base-error.ts';

export class CheckpointNotKeptError extends BaseError {
  readonly code = 'checkpoint_not_kept';
  readonly category = 'not-found';
  constructor(step: number) {
    super(
      `The checkpoint of step ${step} is not kept. Choose one from the run's list; it has the newest and the best.`,
    );
  }
}

export class CheckpointOnFleetError extends BaseError {
  readonly code = 'checkpoint_on_fleet';
  readonly category = 'conflict';
  constructor(baseModel: string) {
    super(`${baseModel} answers on GPU servers, which load finished adapters only. Ask the model when it is trained.`);
  }
}
