import { type Address, isAddress, keccak256, parseEther, toHex } from 'viem';
import type { ChainFile } from './chain-file.ts';
import type { DeployConfig, GovernanceConfig } from './plan-deployment.ts';

const day = 86_400;

/** The protocol's settings (§4.10): what every chain has where money is real, and what verification accepts there. */
export const publicGovernance: GovernanceConfig = {
  votingDelaySeconds: 2 * day,
  votingPeriodSeconds: 5 * day,
  lateExtensionSeconds: day,
  thresholdWei: parseEther('100000'),
  quorumFloorWei: parseEther('5000000'),
  slowDelaySeconds: 7 * day,
  fastDelaySeconds: 2 * day,
};

/** Variables that name the parties of a public deployment; each holds an address. */
const parties = {
  guardianHolder: 'GUARDIAN_ADDRESS',
  operator: 'OPERATOR_ADDRESS',
  rotationAuthority: 'ROTATION_AUTHORITY_ADDRESS',
} as const;

/**
 * The configuration of a chain where money is real: governance decides about the treasury and everything that can be
 * changed, and the parties come from the environment.
 *
 * Throws with every variable that is missing or no address, before anything is sent.
 */
export function publicConfig(
  chain: ChainFile,
  deployer: Address,
  environment: Readonly<Record<string, string | undefined>>,
): DeployConfig {
  const wrong = Object.values(parties).filter((name) => !isAddress(environment[name] ?? ''));
  if (wrong.length > 0) throw new Error(`${chain.name} needs addresses in ${wrong.join(', ')}`);
  const party = (name: keyof typeof parties) => environment[parties[name]] as Address;
  return {
    ...(chain.tokens.open && { openToken: chain.tokens.open }),
    ...(chain.tokens.governanceOpen && { governanceOpen: chain.tokens.governanceOpen }),
    nativeOpen: chain.nativeOpen,
    deployer,
    governance: publicGovernance,
    emission: { r0Wei: parseEther('1000000') },
    timeScale: 1,
    windowSeconds: day,
    disputeTimeoutSeconds: 7 * day,
    recipientDelaySeconds: 2 * day,
    rotationDelaySeconds: 7 * day,
    publisherBondWei: parseEther('10000'),
    challengeBondWei: parseEther('1000'),
    protocolFeeBps: 500,
    splitDelaySeconds: day,
    court: 'guardian', // nobody is a validator yet: a jury would find no seats, and challenges would stop all epochs
    guardianHolder: party('guardianHolder'),
    rotationAuthority: party('rotationAuthority'),
    admin: party('operator'),
    operator: party('operator'),
    gatewayId: keccak256(toHex(`openledger/gateway/${chain.id}`)),
  };
}

/**
 * Where money is real, the settings are the protocol's, nobody proposes without a vote, and a day is a day.
 *
 * Throws with the first setting that differs.
 */
export function requirePublicSettings({ governance, timeScale }: DeployConfig): void {
  if (governance.extraProposer) throw new Error('governance.extraProposer is for devnets only');
  if (timeScale !== 1) throw new Error(`timeScale is ${timeScale}, expected 1`);
  for (const name of Object.keys(publicGovernance) as (keyof typeof publicGovernance)[]) {
    if (governance[name] !== publicGovernance[name]) {
      throw new Error(`governance.${name} is ${governance[name]}, expected ${publicGovernance[name]}`);
    }
  }
}
