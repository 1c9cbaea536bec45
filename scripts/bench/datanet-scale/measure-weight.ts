import type { BenchContext } from '../main.ts';
import { scriptWeight } from '../script-weight.ts';
import { scaleDatanet } from './million-rows.ts';

const { slug } = scaleDatanet;
const pages = [
  '/datanets',
  `/datanets/${slug}`,
  `/datanets/${slug}?tab=versions`,
  `/datanets/${slug}/rows/ex_${'7'.padStart(26, '0')}`,
];

/** Scripts of browse pages; `e2e/guests-weight.spec.ts` holds all pages to it. */
export async function measureWeight({ emit, log }: BenchContext, { appUrl }: { appUrl: string }): Promise<void> {
  for (const page of pages) {
    const { gzipBytes, walletScripts } = await scriptWeight(appUrl, page);
    for (const { source, mark } of walletScripts) log(`${page} loads ${source} with ${mark}`);
    emit({ case: `${page}: JavaScript, gzip`, value: gzipBytes / 1000, unit: 'kB', target: { atMost: 170 } });
    const count = { value: walletScripts.length, unit: 'scripts', target: { atMost: 0 } };
    emit({ case: `${page}: scripts with wallet code`, ...count });
  }
}
