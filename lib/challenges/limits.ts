/** Receipts that one account may have computed again in 24 hours; each costs about as much as attributing the answer did. */
export const challengesADay = 20;
/** Challenges of all accounts that wait at the same time. */
export const challengesWaitingMax = 50;
/** A receipt that came out the same is not computed again for this long, so that nobody can hold its payment back. */
export const restMs = 86_400_000;
