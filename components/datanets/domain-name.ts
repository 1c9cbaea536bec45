/** A domain as people write it: `regional-language` is "Regional language", `defi` keeps its odd capitals. */
export function domainName(domain: string): string {
  if (domain === 'defi') return 'DeFi';
  const words = domain.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A BCP 47 tag as a language name in English, or the tag where the browser's list has none. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
