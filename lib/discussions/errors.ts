import { BaseError } from '#lib/kernel/base-error.ts';

export class CommentNotFoundError extends BaseError {
  readonly code = 'comment_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such comment here. It may have been taken back by its author.');
  }
}

export class CommentNotYoursError extends BaseError {
  readonly code = 'comment_not_yours';
  readonly category = 'forbidden';
  constructor() {
    super('Only its author can take a comment back. Report it, and a curator decides.');
  }
}
