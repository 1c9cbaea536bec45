import { type Address, type Hex, keccak256, toHex } from 'viem';
import type { Addresses, DeployConfig } from './plan-deployment.ts';

export type DirectoryEntry = {
  name: string;
  key: Hex;
  target: Address;
  /** Governance may have chosen another since the first deployment: then that one stands. */
  isFirstOnly: boolean;
};

/** Every entry of the Directory: a contract under its own name, and three parts that others may play later. */
export function directoryEntries(addresses: Addresses, config: DeployConfig): DirectoryEntry[] {
  const parts = {
    treasury: config.treasury ?? addresses.timelockSlow,
    rotationAuthority: config.rotationAuthority,
    disputeCourt: config.court === 'jury' ? addresses.disputeCourt : addresses.guardian,
  };
  const isDecided = config.governance.extraProposer === undefined; // a devnet follows its configuration
  return Object.entries({ ...addresses, ...parts }).map(([camel, target]) => {
    const name = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
    return { name, key: keccak256(toHex(name)), target, isFirstOnly: isDecided && camel in parts };
  });
}
