/** A start that cannot go on; `message` tells the person at the terminal what is wrong and what to do. No stack is shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
