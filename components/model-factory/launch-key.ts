/** Where the key of the newest launch, or purchase, is kept. */
type Place = 'wizard.launch' | 'passes.buy';
const storageKey = (place: Place) => `openledger.${place}`;

/**
 * Idempotency key of one launch, or one purchase of a pass: the same choices launched again in this browser, after a lost answer or a reload, are the
 * same run. Other choices, or a launch after a successful one, get a new key.
 */
export function launchKey(input: unknown, place: Place = 'wizard.launch'): string {
  const choices = JSON.stringify(input);
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(place)) ?? 'null') as {
      choices: string;
      key: string;
    } | null;
    if (kept?.choices === choices) return kept.key;
    const key = crypto.randomUUID();
    localStorage.setItem(storageKey(place), JSON.stringify({ choices, key }));
    return key;
  } catch {
    return crypto.randomUUID();
  }
}

export function clearLaunchKey(place: Place = 'wizard.launch'): void {
  try {
    localStorage.removeItem(storageKey(place));
  } catch {
    // Nothing was kept either.
  }
}
