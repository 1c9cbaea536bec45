import type { Address, Chain, Hex, PublicClient, WalletClient } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';
import type { DeployConfig } from './plan-deployment.ts';

/** One step of a deployment, as it happens: a contract that was created or found, or a transaction. */
export type DeployProgress = { name: string; created: boolean; address?: Address; hash?: Hex };

/** Who deploys, and the clients that it deploys through. */
export type Deployer = { account: PrivateKeyAccount; chain: Chain; reader: PublicClient; wallet: WalletClient };

export type DeployParameters = {
  rpcUrl: string;
  /** The chain that the caller means: any other is refused before anything is sent. */
  chainId: number;
  privateKey: Hex;
  config: DeployConfig;
  /** The file of an earlier run, if any: its tokens and start block are kept. Also where the record is written. */
  recordPath?: string;
  /** A database tells of what is in the contracts of the earlier deployment: one that would move any of them is refused. */
  mustStay?: boolean;
  onStep?: (progress: DeployProgress) => void;
};

/** A deployment would put contracts elsewhere that have to stay where they are. */
export class ContractsMovedError extends Error {
  readonly moved: readonly string[];
  constructor(moved: readonly string[]) {
    super(`${moved.join(', ')} would move: nothing was sent`);
    this.moved = moved;
  }
}
