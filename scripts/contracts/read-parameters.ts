import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Hex, isHex, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { readChainFile } from './chain-file.ts';
import type { DeployParameters } from './deployer.ts';
import { devnetAccount, devnetConfig, devnetRoles } from './devnet-config.ts';
import { root } from './forge.ts';
import { publicConfig } from './public-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What the arguments of `npm run deploy` mean; see deploy.ts. Throws for an unknown chain, an RPC address or key that is missing, and parties without an address. */
export function readParameters(args: string[], environment: Environment): DeployParameters {
  const { values } = parseArgs({
    args,
    options: { chain: { type: 'string', default: 'devnet' }, rpc: { type: 'string' }, out: { type: 'string' } },
  });
  const chain = readChainFile(values.chain);
  const rpcUrl = values.rpc ?? chain.rpc;
  if (!rpcUrl) throw new Error(`no RPC address of ${chain.name} is known: --rpc names it`);
  if (chain.name === 'devnet') {
    const privateKey = toHex(devnetAccount(devnetRoles.deployer).getHdKey().privateKey!);
    const record = values.out ? { recordPath: values.out } : {};
    return { rpcUrl, chainId: chain.id, privateKey, config: devnetConfig, ...record };
  }
  const privateKey = environment.DEPLOYER_PRIVATE_KEY ?? '';
  if (!isHex(privateKey) || privateKey.length !== 66) throw new Error('DEPLOYER_PRIVATE_KEY holds no key');
  const deployer = privateKeyToAccount(privateKey as Hex).address;
  const recordPath = values.out ?? join(root, 'deployments', `${chain.id}.json`);
  return { rpcUrl, chainId: chain.id, privateKey, config: publicConfig(chain, deployer, environment), recordPath };
}
