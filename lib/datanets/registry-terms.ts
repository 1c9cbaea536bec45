import type { RegistryTerms } from './types.ts';

/** What the form offers for a domain: where a wrong row does harm, two people stand behind each version. */
const startOf: Record<string, Pick<RegistryTerms, 'curatorQuorum' | 'joinStakeWei'>> = {
  medicine: { curatorQuorum: 2, joinStakeWei: 0n },
  law: { curatorQuorum: 2, joinStakeWei: 0n },
  cybersecurity: { curatorQuorum: 2, joinStakeWei: 0n },
  finance: { curatorQuorum: 2, joinStakeWei: 0n },
};

export const mostCurators = 10;
export const mostJoinStakeWei = 10_000n * 10n ** 18n;

/**
 * The terms that a Datanet registers with unless its owner chooses others. Access follows the tier: who may not read everything does
 * not propose by right (registry access 4, by role), everybody else may (0).
 */
export function startTerms(domain: string, tier: string): RegistryTerms {
  const { curatorQuorum, joinStakeWei } = startOf[domain] ?? { curatorQuorum: 1, joinStakeWei: 0n };
  return { curatorQuorum, joinStakeWei, access: registryAccess(tier) };
}

export function registryAccess(tier: string): number {
  return tier === 'public' ? 0 : 4;
}
