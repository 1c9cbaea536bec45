import { BaseError } from '#lib/kernel/base-error.ts';
import type { Actor } from './deps.ts';

export class NotSignedInError extends BaseError {
  readonly code = 'not_signed_in';
  readonly category = 'unauthenticated';
  constructor() {
    super('Sign in with your wallet first. If you were signed in, the session has expired; nothing you typed is lost.');
  }
}

/** The signed-in account. Throws NotSignedInError for visitors and for the system, which owns nothing. */
export function assertAccount(actor: Actor): { address: `0x${string}` } {
  if (actor.kind !== 'account') throw new NotSignedInError();
  return { address: actor.address };
}
