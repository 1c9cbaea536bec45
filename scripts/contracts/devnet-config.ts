import { keccak256, parseEther, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import type { DeployConfig } from './plan-deployment.ts';

/** The mnemonic that anvil and Hardhat publish: its keys are known to everyone and must never hold real money. */
export const devnetMnemonic = 'test test test test test test test test test test test junk';

/** Devnet account number `index` (0-9 are for people; the roles below use the numbers after them). */
export const devnetAccount = (index: number) => mnemonicToAccount(devnetMnemonic, { addressIndex: index });

/** Indices of the devnet accounts that play a part of the protocol. 0 deploys and holds the supply at first. */
export const devnetRoles = { deployer: 0, operator: 10, treasury: 11, guardian: 12 } as const;

/** How long a day of the protocol lasts on the devnet unless DEVNET_DAY_SECONDS says otherwise. */
const usualDaySeconds = 60;

/** What the devnet is deployed with. The window is short so that a person can watch a whole period. */
export const devnetConfig: DeployConfig = {
  nativeOpen: false,
  deployer: devnetAccount(devnetRoles.deployer).address,
  governance: {
    votingDelaySeconds: 5,
    votingPeriodSeconds: usualDaySeconds,
    lateExtensionSeconds: 15,
    thresholdWei: parseEther('1000'),
    quorumFloorWei: parseEther('5000'),
    slowDelaySeconds: 10,
    fastDelaySeconds: 5,
    extraProposer: devnetAccount(devnetRoles.deployer).address, // upgrades a devnet without a vote
  },
  emission: { r0Wei: parseEther('1000000') },
  timeScale: 86_400 / usualDaySeconds,
  windowSeconds: 60,
  disputeTimeoutSeconds: 3_600,
  recipientDelaySeconds: 20,
  rotationDelaySeconds: 20,
  publisherBondWei: parseEther('10000'),
  challengeBondWei: parseEther('1000'),
  protocolFeeBps: 500,
  splitDelaySeconds: 60,
  court: 'jury',
  guardianHolder: devnetAccount(devnetRoles.guardian).address,
  treasury: devnetAccount(devnetRoles.treasury).address,
  rotationAuthority: devnetAccount(devnetRoles.operator).address,
  admin: devnetAccount(devnetRoles.operator).address,
  operator: devnetAccount(devnetRoles.operator).address,
  gatewayId: keccak256(toHex('openledger/gateway/1')),
};

/**
 * The devnet with another length of the protocol's day, in seconds: votes, unbonding, epochs of Params and the phases of juries
 * follow it. Delays that are seconds already stay as they are.
 */
export function devnetConfigAt(daySeconds: number): DeployConfig {
  const { governance, ...rest } = devnetConfig;
  return {
    ...rest,
    governance: { ...governance, votingPeriodSeconds: daySeconds },
    timeScale: Math.floor(86_400 / daySeconds),
  };
}
