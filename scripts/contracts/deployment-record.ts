import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Address, Hex } from 'viem';
import type { Addresses, DeployConfig } from './plan-deployment.ts';

/** The result of a deployment, and the shape of the file that the application reads. JSON: amounts are strings. */
export type DeploymentRecord = {
  chainId: number;
  /** The block from which an indexer must read: that of the first deployment on this chain. */
  startBlock: number;
  addresses: Addresses;
  /** Contracts of former deployments on this chain that this one replaced: their exits stay open for ever. */
  earlier: Partial<Addresses>[];
  config: {
    windowSeconds: number;
    disputeTimeoutSeconds: number;
    protocolFeeBps: number;
    splitDelaySeconds: number;
    timeScale: number;
    publisherBondWei: string;
    challengeBondWei: string;
    treasury: Address;
    guardianHolder: Address;
    operator: Address;
    gatewayId: Hex;
  };
};

export function toRecord(
  chainId: number,
  startBlock: number,
  addresses: Addresses,
  config: DeployConfig,
  previous: DeploymentRecord | undefined,
): DeploymentRecord {
  const { windowSeconds, disputeTimeoutSeconds, protocolFeeBps, splitDelaySeconds, timeScale } = config;
  const { guardianHolder, operator, gatewayId } = config;
  const replaced = previous && replacedBy(previous.addresses, addresses);
  return {
    chainId,
    startBlock,
    addresses,
    earlier: [...(previous?.earlier ?? []), ...(replaced ? [replaced] : [])],
    config: {
      windowSeconds,
      disputeTimeoutSeconds,
      protocolFeeBps,
      splitDelaySeconds,
      timeScale,
      publisherBondWei: config.publisherBondWei.toString(),
      challengeBondWei: config.challengeBondWei.toString(),
      treasury: config.treasury ?? addresses.timelockSlow,
      guardianHolder,
      operator,
      gatewayId,
    },
  };
}

/** Those of `before` that are somewhere else now; undefined when none is. */
function replacedBy(before: Addresses, now: Addresses): Partial<Addresses> | undefined {
  const current = now as Record<string, string | undefined>;
  const gone = Object.entries(before).filter(([name, address]) => current[name] !== address);
  return gone.length > 0 ? (Object.fromEntries(gone) as Partial<Addresses>) : undefined;
}

/** The record at `path` if it is one of `chainId`; undefined without a file, or one cut short by a crash. */
export function readRecord(path: string | undefined, chainId: number): DeploymentRecord | undefined {
  if (!path) return undefined;
  try {
    const record = JSON.parse(readFileSync(path, 'utf8')) as DeploymentRecord;
    return record.chainId === chainId ? record : undefined;
  } catch {
    return undefined; // the chain tells
  }
}

/** Written beside and renamed, so that a crash never leaves half a file. */
export function writeRecord(path: string, record: DeploymentRecord): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  writeFileSync(`${path}.tmp`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${path}.tmp`, path);
}
