import { BaseError } from '#lib/kernel/base-error.ts';
import { openUploadsMost } from './limits.ts';

export class UploadNotFoundError extends BaseError {
  readonly code = 'upload_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such upload of yours. Start it again from the Datanet’s page “Contribute rows”.');
  }
}

/** A piece that does not begin where the file has come to. `offset` in the facts says where that is. */
export class UploadOffsetError extends BaseError {
  readonly code = 'upload_offset';
  readonly category = 'conflict';
  constructor(expected: number) {
    super(`The next piece begins at byte ${expected}. Send the file on from there.`, { facts: { offset: expected } });
  }
}

/** The upload takes no more pieces: its rows are being read, or it has ended. */
export class UploadClosedError extends BaseError {
  readonly code = 'upload_closed';
  readonly category = 'conflict';
  constructor(status: string) {
    super(`This upload is ${status}. To send other rows, start a new one.`);
  }
}

export class TooManyUploadsError extends BaseError {
  readonly code = 'too_many_uploads';
  readonly category = 'limited';
  constructor() {
    super(`You have ${openUploadsMost} uploads that are not finished. Finish or drop one of them first.`);
  }
}

/** What came as a piece is empty, longer than a piece, or goes beyond the end of the file. */
export class UploadPieceError extends BaseError {
  readonly code = 'upload_piece';
  readonly category = 'invalid';
  constructor(what: string) {
    super(what);
  }
}
