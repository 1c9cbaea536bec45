import { BaseError } from '#lib/kernel/base-error.ts';

export class DatanetNotFoundError extends BaseError {
  readonly code = 'datanet_not_found';
  readonly category = 'not-found';
  constructor(name: string) {
    super(`There is no Datanet “${name.slice(0, 80)}”. The list of Datanets shows all of them.`);
  }
}

export class DatanetSlugTakenError extends BaseError {
  readonly code = 'datanet_slug_taken';
  readonly category = 'conflict';
  constructor(slug: string) {
    const message = `The address “${slug}” belongs to another Datanet. Choose another one.`;
    super(message, { fieldErrors: { slug: message } });
  }
}

/** The account may read, but what it tried is for the owner or a curator. */
export class DatanetForbiddenError extends BaseError {
  readonly code = 'datanet_forbidden';
  readonly category = 'forbidden';
  constructor(who: 'owner' | 'curator', what: string) {
    const people =
      who === 'owner' ? 'Only the owner of this Datanet' : 'Only the owner and the curators of this Datanet';
    super(`${people} may ${what}. ${who === 'owner' ? 'Ask the owner.' : 'Ask the owner to make you a curator.'}`);
  }
}

export class OwnerIsCuratorError extends BaseError {
  readonly code = 'owner_is_curator';
  readonly category = 'invalid';
  constructor() {
    super('The owner reviews by right and needs no role. Name another account.');
  }
}

export class DatanetNotRegisteredError extends BaseError {
  readonly code = 'datanet_not_registered';
  readonly category = 'conflict';
  constructor() {
    super(
      'This Datanet is not on chain yet, so a version has nowhere to be anchored. The owner registers it first, on its page.',
    );
  }
}

export class NothingToFreezeError extends BaseError {
  readonly code = 'nothing_to_freeze';
  readonly category = 'conflict';
  constructor(pending: number) {
    super(
      pending === 0
        ? 'There are no accepted rows yet. Contribute rows, let a curator accept them, then freeze.'
        : `There are no accepted rows yet; ${pending} wait for a curator. Review them, then freeze.`,
    );
  }
}

export class VersionNotFoundError extends BaseError {
  readonly code = 'version_not_found';
  readonly category = 'not-found';
  constructor(slug: string, number: number | string) {
    super(
      `The Datanet “${slug.slice(0, 80)}” has no version ${String(number).slice(0, 20)}. Its page lists the versions that there are.`,
    );
  }
}

export class InvalidCursorError extends BaseError {
  readonly code = 'invalid_cursor';
  readonly category = 'invalid';
  constructor() {
    super('This page of the list cannot be found: its address is damaged. Start again from the first page.');
  }
}

export class ErasureNotFoundError extends BaseError {
  readonly code = 'erasure_not_found';
  readonly category = 'not-found';
  constructor(isWaiting: boolean) {
    super(
      isWaiting
        ? 'The text of this row is being destroyed. The receipt is here when that is done; ask again in a minute.'
        : 'Nobody has withdrawn this row, so there is no receipt of erasure.',
    );
  }
}

/** A curator's signature that the registry would refuse. */
export class ApprovalInvalidError extends BaseError {
  readonly code = 'approval_invalid';
  readonly category = 'invalid';
}

/** A curator is taken away whom the registry's quorum needs. */
export class QuorumUnreachableError extends BaseError {
  readonly code = 'quorum_unreachable';
  readonly category = 'conflict';
  constructor(left: number, quorum: number) {
    super(
      `On chain ${quorum} curators must approve a version, and without this one there would be ${left}: nothing could be approved any more. Lower the number on chain first, or appoint another curator and write them on chain.`,
    );
  }
}

/** A row was taken back while a version was being written. */
export class RowsChangedError extends BaseError {
  readonly code = 'rows_changed';
  readonly category = 'conflict';
  constructor() {
    super('A row was withdrawn while the version was being written. Freeze again: it is left out then.');
  }
}

/** Somebody stopped the version that is being made. */
export class FreezeStoppedError extends BaseError {
  readonly code = 'freeze_stopped';
  readonly category = 'conflict';
  constructor() {
    super('The version was stopped while it was being made. Nothing of it is left.');
  }
}
