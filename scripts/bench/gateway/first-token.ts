import { median } from '../measure.ts';
import type { Installation } from './installation.ts';

type Ask = () => Promise<number>;
export type FirstToken = { directMs: number[]; gatewayMs: number[]; addedMs: number[] };

/**
 * Milliseconds to the first token of the same question, asked of the serve process itself and through the gateway in turn, so that a
 * busy neighbour slows both alike. `addedMs` is the difference inside each pair.
 */
export async function measureFirstToken(
  place: Installation,
  input: { model: string; adapterId: string; apiKey: string; pairs: number },
): Promise<FirstToken> {
  const messages = [{ role: 'user', content: 'What is phishing?' }];
  const direct: Ask = () =>
    firstBytes(`${place.serveUrl}/generate`, place.internalToken, {
      ...{ adapterId: input.adapterId, messages, caller: 'bench', maxTokens: 1, temperature: 0, topP: 1 },
    });
  const gateway: Ask = () =>
    firstBytes(`${place.url}/api/v1/chat/completions`, input.apiKey, {
      ...{ model: input.model, messages, max_tokens: 1, temperature: 0, top_p: 1, stream: true },
    });
  for (let i = 0; i < 5; i++) await Promise.all([direct(), gateway()]);
  const times: FirstToken = { directMs: [], gatewayMs: [], addedMs: [] };
  for (let i = 0; i < input.pairs; i++) {
    const [d, g] = i % 2 === 0 ? [await direct(), await gateway()] : await inReverse(direct, gateway);
    times.directMs.push(d);
    times.gatewayMs.push(g);
    times.addedMs.push(g - d);
  }
  return times;
}

async function inReverse(direct: Ask, gateway: Ask): Promise<[number, number]> {
  const g = await gateway();
  return [await direct(), g];
}

/** Until the first bytes of the body: both send them with the first token. The rest is read, so that the connection is used again. */
async function firstBytes(url: string, token: string, body: unknown): Promise<number> {
  const start = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  const reader = response.body!.getReader();
  await reader.read();
  const ms = performance.now() - start;
  while (!(await reader.read()).done);
  return ms;
}

/** The value below which `share` of them lie. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return share === 0.5 ? median(values) : sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
