/** A refusal by our own routes, with the sentence that they gave. */
export class AuthRequestError extends Error {}

async function post<T>(path: string, body: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new AuthRequestError('The site does not answer. Check the connection and try again.');
  }
  const answer = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
  if (!response.ok) throw new AuthRequestError(answer?.error?.message ?? `The site answered ${response.status}.`);
  return answer as T;
}

/** Single-use nonce for a sign-in message. */
export const fetchNonce = async (): Promise<string> => (await post<{ nonce: string }>('/api/auth/nonce', {})).nonce;

/** Turns the signed message into a session cookie; answers the account, lower-case. */
export const verifyMessage = async (message: string, signature: string): Promise<`0x${string}`> =>
  (await post<{ address: `0x${string}` }>('/api/auth/verify', { message, signature })).address;

/** Ends the session on the server. */
export const signOut = async (): Promise<void> => {
  await post('/api/auth/sign-out', {});
};
