/** What a validator has committed to; it stays in this browser until it is revealed. */
export type Secret = { verdicts: string; salt: string };

const keyOf = (roundId: string, account: string) => `round:${roundId}:${account}`;

export function keepSecret(roundId: string, account: string, secret: Secret): void {
  localStorage.setItem(keyOf(roundId, account), JSON.stringify(secret));
}

export function readSecret(roundId: string, account: string): Secret | null {
  const text = localStorage.getItem(keyOf(roundId, account));
  if (!text) return null;
  const { verdicts, salt } = JSON.parse(text) as Partial<Secret>;
  return verdicts && salt ? { verdicts, salt } : null;
}

export function forgetSecret(roundId: string, account: string): void {
  localStorage.removeItem(keyOf(roundId, account));
}
