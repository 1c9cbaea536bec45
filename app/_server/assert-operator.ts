import { createHash, timingSafeEqual } from 'node:crypto';
import { BaseError } from '#lib/kernel/base-error.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { isDirectFromLoopback } from './client-address.ts';

/** For those who run the server: needs METRICS_TOKEN. */
export class OperatorOnlyError extends BaseError {
  readonly code = 'operator_only';
  readonly category = 'unauthenticated';
  constructor() {
    super('This is for the operator of the server: send METRICS_TOKEN as a bearer token.');
  }
}

/**
 * Lets a request pass that carries METRICS_TOKEN; where none is set, one that was sent on this machine itself. A proxy on
 * this machine does not count as this machine: it adds `x-forwarded-for`. @throws OperatorOnlyError
 */
export function assertOperator(deps: Pick<Deps, 'env'>, headers: Headers): void {
  const { METRICS_TOKEN } = deps.env;
  if (METRICS_TOKEN === undefined) {
    if (isDirectFromLoopback(headers)) return;
    throw new OperatorOnlyError();
  }
  // Digests have one length, and comparing them tells nothing of the token by its time.
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const given = headers.get('authorization') ?? '';
  if (!timingSafeEqual(digest(given), digest(`Bearer ${METRICS_TOKEN}`))) throw new OperatorOnlyError();
}
