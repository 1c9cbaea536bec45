import { bountyMutants } from './bounty-mutants.ts';
import { channelMutants } from './channel-mutants.ts';
import { governanceMutants } from './governance-mutants.ts';
import { ledgerMutants } from './ledger-mutants.ts';
import type { Mutant } from './mutant.ts';
import { registryMutants } from './registry-mutants.ts';
import { stakingMutants } from './staking-mutants.ts';

/** Every planted fault, by the part of the protocol that it is in. */
export const allMutants: Readonly<Record<string, readonly Mutant[]>> = {
  ledger: ledgerMutants,
  channels: channelMutants,
  staking: stakingMutants,
  registries: registryMutants,
  governance: governanceMutants,
  bounties: bountyMutants,
};
