import { toHex } from 'viem';
import { deploy } from '../contracts/deploy.ts';
import type { DeploymentRecord } from '../contracts/deployment-record.ts';
import { devnetAccount, devnetConfig, devnetRoles } from '../contracts/devnet-config.ts';
import type { DeployConfig } from '../contracts/plan-deployment.ts';
import { startAnvil } from '../up/devnet/anvil-process.ts';
import { callRpc } from '../up/devnet/call-rpc.ts';

export type TestChain = {
  url: string;
  chainId: number;
  deployment: DeploymentRecord;
  /** Any JSON-RPC call, e.g. `rpc('anvil_reorg', [2, []])`. */
  rpc(method: string, params?: readonly unknown[]): Promise<unknown>;
  /** Lets `seconds` pass on the chain and mines a block. */
  passTime(seconds: number): Promise<void>;
  stop(): Promise<void>;
};

/**
 * A private anvil on a free port with our contracts deployed, mining each transaction at once. Call it in `beforeAll`,
 * `stop` in `afterAll`. `config` changes what the contracts are deployed with; the operator is devnet account 10.
 */
export async function startTestChain(config: Partial<DeployConfig> = {}): Promise<TestChain> {
  const chainId = 31_337;
  const { child, url } = await startAnvil({ chainId, genesisTimestamp: Math.floor(Date.now() / 1000) });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  process.once('exit', () => child.kill('SIGKILL'));
  const rpc = (method: string, params: readonly unknown[] = []) => callRpc(url, method, params);
  const stopReminding = remindOfReady(rpc);
  try {
    const privateKey = toHex(devnetAccount(devnetRoles.deployer).getHdKey().privateKey!);
    const deployment = await deploy({ rpcUrl: url, chainId, privateKey, config: { ...devnetConfig, ...config } });
    const passTime = async (seconds: number) => {
      await rpc('evm_increaseTime', [seconds]);
      await rpc('evm_mine');
    };
    return { url, chainId, deployment, rpc, passTime, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    stopReminding();
  }
}

/**
 * Anvil that mines by itself misses a ready transaction now and then and leaves it until the next one comes (foundry issue 10122), which
 * nobody sends while a deployment waits. Whoever tests with transactions that wait is not disturbed: it ends with the deployment.
 */
function remindOfReady(rpc: TestChain['rpc']): () => void {
  let before: unknown;
  const look = async () => {
    const [block, { pending }] = await Promise.all([
      rpc('eth_blockNumber'),
      rpc('txpool_status') as Promise<{ pending: string }>,
    ]);
    if (block === before && Number(pending) > 0) await rpc('evm_mine');
    before = block;
  };
  const timer = setInterval(() => void look().catch(() => {}), 2_000);
  return () => clearInterval(timer);
}
