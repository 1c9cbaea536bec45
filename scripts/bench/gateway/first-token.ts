import { median } from '../measure.ts';
import { openBareProxy } from './bare-proxy.ts';
import type { Installation } from './installation.ts';

type Ask = () => Promise<number>;
/** `addedMs`, `proxyAddedMs`: by the gateway, and by the proxy, to the serve process asked directly in the same round. */
export type FirstToken = { directMs: number[]; addedMs: number[]; proxyAddedMs: number[]; newKeyAddedMs: number[] };

const newKeys = 15;

/**
 * Milliseconds to the first token of the same question, asked of the serve process itself, through a proxy that only passes bytes on,
 * and through the gateway, in turn, so that a busy neighbour slows all alike. What is added is the difference inside each round. Then some
 * rounds with a new key each: of a key that had an answer a moment ago the model begins before the key is looked up (ahead-answers.ts).
 */
export async function measureFirstToken(
  place: Installation,
  input: { model: string; adapterId: string; apiKey: string; payer: `0x${string}`; pairs: number },
): Promise<FirstToken> {
  const messages = [{ role: 'user', content: 'What is phishing?' }];
  const question = { adapterId: input.adapterId, messages, caller: 'bench', maxTokens: 1, temperature: 0, topP: 1 };
  const proxy = await openBareProxy(place.serveUrl);
  const asked = { model: input.model, messages, max_tokens: 1, temperature: 0, top_p: 1, stream: true };
  const askGateway = (apiKey: string) => firstBytes(`${place.url}/api/v1/chat/completions`, apiKey, asked);
  const ways: Ask[] = [
    () => firstBytes(`${place.serveUrl}/generate`, place.internalToken, question),
    () => firstBytes(`${proxy.url}/generate`, place.internalToken, question),
    () => askGateway(input.apiKey),
  ];
  try {
    for (let i = 0; i < 5; i++) for (const ask of ways) await ask();
    const times: FirstToken = { directMs: [], addedMs: [], proxyAddedMs: [], newKeyAddedMs: [] };
    for (let i = 0; i < input.pairs; i++) {
      const ms: number[] = [];
      for (let turn = 0; turn < ways.length; turn++) {
        const way = (i + turn) % ways.length;
        ms[way] = await ways[way]!();
      }
      times.directMs.push(ms[0]!);
      times.proxyAddedMs.push(ms[1]! - ms[0]!);
      times.addedMs.push(ms[2]! - ms[0]!);
    }
    for (let i = 0; i < newKeys; i++) {
      const apiKey = await place.keyOf(input.payer);
      times.newKeyAddedMs.push(-(await ways[0]!()) + (await askGateway(apiKey)));
    }
    return times;
  } finally {
    proxy.close();
  }
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
