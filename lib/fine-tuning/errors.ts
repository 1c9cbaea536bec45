import { BaseError } from '#lib/kernel/base-error.ts';

export class FileNotFoundError extends BaseError {
  readonly code = 'file_not_found';
  readonly category = 'not-found';
  constructor(id: string) {
    super(`You have no file "${id.slice(0, 40)}". GET /api/v1/files lists yours.`);
  }
}

export class FineTuningJobNotFoundError extends BaseError {
  readonly code = 'fine_tuning_job_not_found';
  readonly category = 'not-found';
  constructor(id: string) {
    super(`You have no fine-tuning job "${id.slice(0, 40)}". GET /api/v1/fine_tuning/jobs lists yours.`);
  }
}

/** Lines that cannot be learnt from; the first few are named. */
export class TrainingFileInvalidError extends BaseError {
  readonly code = 'training_file_invalid';
  readonly category = 'invalid';
  constructor(faults: readonly { line: number; fix: string }[]) {
    const named = faults.slice(0, 3).map(({ line, fix }) => `Line ${line}: ${fix}`);
    const more = faults.length > named.length ? ` And ${faults.length - named.length} more.` : '';
    super(`The file was not taken. ${named.join(' ')}${more}`, { fieldErrors: { file: named[0] ?? 'has no rows' } });
  }
}

/** Nothing is left to train on once rows were judged as everybody's. */
export class NoUsableRowsError extends BaseError {
  readonly code = 'training_file_unusable';
  readonly category = 'invalid';
  constructor(reason: string) {
    super(`No row of this file can be trained on. ${reason}`, { fieldErrors: { training_file: reason } });
  }
}
