import type { PublicClient } from 'viem';
import { keccak256, toHex, zeroAddress } from 'viem';
import { allBytecodes } from '#contracts-abi/all-bytecodes.ts';
import { directoryAbi } from '#contracts-abi/directory.ts';
import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import { type DeployConfig, planDeployment } from './plan-deployment.ts';

/**
 * The configuration with the beginning of emissions, in seconds since 1970: the configured one, else the one that the
 * chain's EmissionController has, else now. The chain tells, so that a run after a crash does not begin them anew.
 */
export async function withEmissionStart(reader: PublicClient, config: DeployConfig): Promise<DeployConfig> {
  if (config.emission.startSeconds !== undefined) return config;
  const startSeconds = (await readStart(reader, config)) ?? Number((await reader.getBlock()).timestamp);
  return { ...config, emission: { ...config.emission, startSeconds } };
}

async function readStart(reader: PublicClient, config: DeployConfig): Promise<number | undefined> {
  const { directory } = planDeployment({ config, bytecodes: allBytecodes }).addresses;
  if (!(await reader.getCode({ address: directory }))) return undefined;
  const args = [keccak256(toHex('EmissionController'))] as const;
  const found = await reader.readContract({ address: directory, abi: directoryAbi, functionName: 'addressOf', args });
  if (found === zeroAddress) return undefined;
  return Number(await reader.readContract({ address: found, abi: emissionControllerAbi, functionName: 'START' }));
}
