import { gzipSync } from 'node:zlib';

export type ScriptWeight = {
  /** Of all scripts that the page loads by itself, each packed as it is sent. */
  gzipBytes: number;
  /** Scripts with code that only wallets need, with the name that gave them away. */
  walletScripts: { source: string; mark: string }[];
};

/** What only wallets need: names that their libraries carry through every minifier. */
const walletMarks = /rainbowkit|walletconnect|eip6963:requestProvider|wagmi/i;
const known = new Map<string, { bytes: number; mark: string | undefined }>();

/** Scripts that a page loads by itself, as a browser of today loads them; what comes on a click or when something is drawn later is not among them. */
export async function scriptWeight(origin: string, path: string): Promise<ScriptWeight> {
  const answer = await fetch(`${origin}${path}`);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  const tags = (await answer.text()).matchAll(/<script[^>]+src="(\/_next\/static\/[^"]+\.js[^"]*)"[^>]*>/g);
  // What is marked for browsers without modules no browser of today loads.
  const sources = new Set([...tags].flatMap(([tag, source]) => (/nomodule/i.test(tag) ? [] : [source!])));
  const weight: ScriptWeight = { gzipBytes: 0, walletScripts: [] };
  for (const source of sources) {
    const { bytes, mark } = await weigh(`${origin}${source.replaceAll('&amp;', '&')}`);
    weight.gzipBytes += bytes;
    if (mark) weight.walletScripts.push({ source, mark });
  }
  return weight;
}

async function weigh(url: string): Promise<{ bytes: number; mark: string | undefined }> {
  const before = known.get(url);
  if (before) return before;
  const script = await (await fetch(url)).text();
  const found = { bytes: gzipSync(script).length, mark: walletMarks.exec(script)?.[0] };
  known.set(url, found);
  return found;
}
