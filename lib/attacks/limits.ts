/** Raised whenever the same attack may come out otherwise: it names results in the database and in the bench's cache. */
export const sandboxMethod = 'sandbox/8';

/** A sandbox copy of a Datanet: rows at most, of an account at most, and questions that customers ask. */
export const sandboxRows = 120;
export const rowsAnAccount = 20;
export const sandboxQuestions = 24;

/** A version smaller than this has too few rows and people for an attack to say anything. */
export const rowsMin = 30;
