const spelled: Record<string, string> = { defi: 'DeFi' };

/** "regional-language" is "Regional language". */
export function domainTitle(domain: string): string {
  const text = domain.replaceAll('-', ' ');
  return spelled[domain] ?? text.charAt(0).toUpperCase() + text.slice(1);
}
