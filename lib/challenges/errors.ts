import { BaseError } from '#lib/kernel/base-error.ts';

/** The receipt is being computed again right now. */
export class ChallengeOpenError extends BaseError {
  readonly code = 'challenge_open';
  readonly category = 'conflict';
  constructor() {
    super('This receipt is being computed again already. The result will stand on its page in a moment.');
  }
}

/** The receipt was computed again not long ago; another time would give the same. */
export class ChallengeDecidedError extends BaseError {
  readonly code = 'challenge_decided';
  readonly category = 'conflict';
  constructor(status: 'upheld' | 'rejected', decidedAt: Date) {
    super(
      status === 'upheld'
        ? 'This receipt was challenged and found wrong: it is frozen and is not paid.'
        : 'This receipt was computed again within the last day and came out the same. Challenge it again tomorrow, or recompute it yourself with `npm run verify`.',
      { facts: { status, decidedAt: decidedAt.toISOString() } },
    );
  }
}

/** Too many challenges: of one account a day, or of all accounts at the moment. */
export class ChallengeLimitError extends BaseError {
  readonly code = 'challenge_limit';
  readonly category = 'limited';
  constructor(max: number, retryAfterSeconds: number) {
    super(
      `No more than ${max} challenges at a time are computed here. Recompute receipts yourself with \`npm run verify\`.`,
      {
        facts: { max },
        retryAfterSeconds,
      },
    );
  }
}
