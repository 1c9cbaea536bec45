import type { Address, Chain, Hex, PublicClient, WalletClient } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';

/** One step of a deployment, as it happens: a contract that was created or found, or a transaction. */
export type DeployProgress = { name: string; created: boolean; address?: Address; hash?: Hex };

/** Who deploys, and the clients that it deploys through. */
export type Deployer = { account: PrivateKeyAccount; chain: Chain; reader: PublicClient; wallet: WalletClient };
