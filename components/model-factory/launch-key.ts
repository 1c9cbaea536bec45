const storageKey = 'openledger.wizard.launch';

/**
 * Idempotency key of one launch: the same choices launched again in this browser, after a lost answer or a reload, are the
 * same run. Other choices, or a launch after a successful one, get a new key.
 */
export function launchKey(input: unknown): string {
  const choices = JSON.stringify(input);
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as { choices: string; key: string } | null;
    if (kept?.choices === choices) return kept.key;
    const key = crypto.randomUUID();
    localStorage.setItem(storageKey, JSON.stringify({ choices, key }));
    return key;
  } catch {
    return crypto.randomUUID();
  }
}

export function clearLaunchKey(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Nothing was kept either.
  }
}
