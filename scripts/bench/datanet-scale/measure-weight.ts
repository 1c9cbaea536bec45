import { gzipSync } from 'node:zlib';
import type { BenchContext } from '../main.ts';
import { scaleDatanet } from './million-rows.ts';

const { slug } = scaleDatanet;
const pages = [
  '/datanets',
  `/datanets/${slug}`,
  `/datanets/${slug}?tab=versions`,
  `/datanets/${slug}/rows/ex_${'7'.padStart(26, '0')}`,
];
/** What only wallets need: names that their libraries carry through every minifier. */
const walletMarks = /rainbowkit|walletconnect|eip6963:requestProvider|wagmi/i;

/** Scripts that a page of the browser's kind loads by itself, packed as they are sent; what comes on a click is not among them. */
export async function measureWeight({ emit, log }: BenchContext, { appUrl }: { appUrl: string }): Promise<void> {
  for (const page of pages) {
    const html = await (await fetch(`${appUrl}${page}`)).text();
    const tags = [...html.matchAll(/<script[^>]+src="(\/_next\/static\/[^"]+\.js[^"]*)"[^>]*>/g)];
    // What is marked for browsers without modules no browser of today loads.
    const sources = new Set(tags.flatMap(([tag, source]) => (/nomodule/i.test(tag) ? [] : [source!])));
    let [bytes, wallet] = [0, 0];
    for (const source of sources) {
      const script = await (await fetch(`${appUrl}${source.replaceAll('&amp;', '&')}`)).text();
      const packed = gzipSync(script).length;
      bytes += packed;
      if (!walletMarks.test(script)) continue;
      wallet += packed;
      log(`${page} loads ${source} with ${walletMarks.exec(script)![0]}`);
    }
    emit({ case: `${page}: JavaScript, gzip`, value: bytes / 1000, unit: 'kB', target: { atMost: 170 } });
    emit({ case: `${page}: of it wallet code`, value: wallet / 1000, unit: 'kB', target: { atMost: 0 } });
  }
}
