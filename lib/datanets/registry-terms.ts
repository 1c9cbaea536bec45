import type { RegistryTerms } from './types.ts';

const harmful: ReadonlySet<string> = new Set(['medicine', 'law', 'cybersecurity', 'finance']);

/** Curators who should stand behind a version: two where a wrong row does harm. The registry begins with one, because it knows no other yet. */
export const advisedQuorum = (domain: string): number => (harmful.has(domain) ? 2 : 1);

/**
 * The terms that a Datanet registers with unless its owner chooses others. Access follows the tier: who may not read everything does
 * not propose by right (registry access 4, by role), everybody else may (0).
 */
export function startTerms(tier: string): RegistryTerms {
  return { joinStakeWei: 0n, access: registryAccess(tier) };
}

export function registryAccess(tier: string): number {
  return tier === 'public' ? 0 : 4;
}
