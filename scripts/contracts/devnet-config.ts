import { keccak256, parseEther, toHex } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import type { DeployConfig } from './plan-deployment.ts';

/** The mnemonic that anvil and Hardhat publish: its keys are known to everyone and must never hold real money. */
export const devnetMnemonic = 'test test test test test test test test test test test junk';

/** Devnet account number `index` (0-9 are for people; the roles below use the numbers after them). */
export const devnetAccount = (index: number) => mnemonicToAccount(devnetMnemonic, { addressIndex: index });

/** Indices of the devnet accounts that play a part of the protocol. 0 deploys and holds the supply at first. */
export const devnetRoles = { deployer: 0, operator: 10, treasury: 11, guardian: 12 } as const;

/** What the devnet is deployed with. The window is short so that a person can watch a whole period. */
export const devnetConfig: DeployConfig = {
  nativeOpen: false,
  deployer: devnetAccount(devnetRoles.deployer).address,
  governance: {
    votingDelaySeconds: 5,
    votingPeriodSeconds: 60,
    lateExtensionSeconds: 15,
    thresholdWei: parseEther('1000'),
    quorumFloorWei: parseEther('5000'),
    slowDelaySeconds: 10,
    fastDelaySeconds: 5,
    extraProposer: devnetAccount(devnetRoles.deployer).address, // upgrades a devnet without a vote
  },
  emission: { r0Wei: parseEther('1000000') },
  timeScale: 1_440, // a day of Params is a minute
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
 * The devnet with another length of the protocol's day, in seconds: unbonding, epochs of Params, the phases of juries and the terms
 * of validators follow it. What is given in seconds already, such as the time to vote, stays as it is.
 */
export const devnetConfigAt = (daySeconds: number): DeployConfig => ({
  ...devnetConfig,
  timeScale: Math.floor(86_400 / daySeconds),
});
