import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import type { Deployer } from './deployer.ts';
import type { Addresses } from './plan-deployment.ts';

/**
 * Lets the EmissionController see the router that the Directory names: fees count from then on. Done once for each router;
 * without it the first release would find no fees. Throws when the call reverts.
 */
export async function introduceRouter(deployer: Deployer, addresses: Addresses): Promise<void> {
  const { account, chain, reader, wallet } = deployer;
  if (!addresses.emissionController) return;
  const emissions = { address: addresses.emissionController, abi: emissionControllerAbi } as const;
  const args = [addresses.revenueRouter] as const;
  if (await reader.readContract({ ...emissions, functionName: 'isKnown', args })) return;
  const hash = await wallet.writeContract({ account, chain, ...emissions, functionName: 'seeFees' });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`EmissionController.seeFees reverted (${hash})`);
}
