import type { DatanetFacet } from '#lib/datanets/types.ts';
import { domainName, languageName } from './domain-name.ts';

export const facetNames: Record<DatanetFacet, string> = {
  domain: 'Domain',
  language: 'Language',
  license: 'Licence',
  access: 'Access',
  size: 'Size',
  state: 'State',
};

const words: Record<string, string> = {
  public: 'Everybody reads',
  gated: 'On request',
  encrypted: 'Encrypted',
  compute: 'Trainings only',
  empty: 'No rows yet',
  'to-100': 'Under 100 rows',
  'to-10k': '100 to 10,000 rows',
  'to-1m': '10,000 to a million rows',
  'over-1m': 'A million rows and more',
  growing: 'No version yet',
  frozen: 'Has a version',
  trained: 'Models learnt from it',
};

/** A facet's value as people say it. */
export function facetValueName(facet: DatanetFacet, value: string): string {
  if (facet === 'domain') return domainName(value);
  if (facet === 'language') return languageName(value);
  return words[value] ?? value;
}
