/** Data, or a sentence for people. */
export type Reply<T> = { ok: true; data: T } | { ok: false; message: string };

/** Sends JSON to our API. Never throws. */
export async function postJson<T>(path: string, body: unknown): Promise<Reply<T>> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }).catch(() => null);
  const data = await response?.json().catch(() => null);
  if (response?.ok) return { ok: true, data };
  return { ok: false, message: data?.error?.message ?? 'The server could not be reached. Try again.' };
}
