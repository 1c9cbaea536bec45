import { type Address, type Hex, keccak256, toHex } from 'viem';
import type { Addresses, DeployConfig } from './plan-deployment.ts';

export type DirectoryEntry = { name: string; key: Hex; target: Address };

/** Every entry of the Directory: a contract under its own name, and two parties that contracts ask for. */
export function directoryEntries(addresses: Addresses, config: DeployConfig): DirectoryEntry[] {
  const parties = {
    treasury: config.treasury ?? addresses.timelockSlow,
    rotationAuthority: config.rotationAuthority,
  };
  return Object.entries({ ...addresses, ...parties }).map(([camel, target]) => {
    const name = `${camel.charAt(0).toUpperCase()}${camel.slice(1)}`;
    return { name, key: keccak256(toHex(name)), target };
  });
}
