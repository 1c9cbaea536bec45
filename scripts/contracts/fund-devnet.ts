import { type Address, type Hex, parseEther } from 'viem';
import { emissionControllerAbi } from '#contracts-abi/emission-controller.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { Deployer, DeployProgress } from './deployer.ts';
import { devnetAccount, devnetRoles } from './devnet-config.ts';
import type { Addresses } from './plan-deployment.ts';

const faucetStockWei = parseEther('10000000');
/** All that will ever be emitted: the first week's amount, a fiftieth less each week, adds up to fifty times it. */
const emissionWei = parseEther('50000000');
const personWei = parseEther('100000');
const operatorWei = parseEther('1000000');
const minimumGasWei = parseEther('10');
const gasWei = parseEther('1000');

/**
 * Gives the devnet what it needs to be used: a stocked faucet, OPEN for numbered accounts 1-9, OPEN for the operator's
 * bond, and ether for those who play a part of the protocol.
 *
 * OPEN is sent once in the life of a chain: its Transfer events tell, so that a restart never refills a spent account.
 */
export async function fundDevnet(
  deployer: Deployer,
  addresses: Addresses,
  options: { fromBlock: number; onStep: (progress: DeployProgress) => void },
): Promise<void> {
  const people = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((index) => devnetAccount(index).address);
  const operator = devnetAccount(devnetRoles.operator).address;
  const served = await findServed(deployer, addresses.openToken, options.fromBlock);
  const grants: [name: string, to: Address, amountWei: bigint][] = [
    ...people.map((to, at): [string, Address, bigint] => [`OPEN for devnet account ${at + 1}`, to, personWei]),
    ['OPEN for the operator', operator, operatorWei],
    ...(addresses.faucet
      ? [['OPEN for the faucet', addresses.faucet, faucetStockWei] as [string, Address, bigint]]
      : []),
  ];
  for (const [name, to, amountWei] of grants) {
    const created = !served.has(to.toLowerCase());
    if (created) await sendOpen(deployer, addresses.openToken, to, amountWei);
    options.onStep({ name, created, address: to });
  }
  const { emissionController } = addresses;
  if (emissionController) {
    const created = !served.has(emissionController.toLowerCase());
    if (created) await fundEmissions(deployer, addresses.openToken, emissionController);
    options.onStep({ name: 'OPEN for emissions', created, address: emissionController });
  }
  for (const [role, index] of Object.entries(devnetRoles)) {
    const to = devnetAccount(index).address;
    options.onStep({ name: `gas for the ${role}`, created: await topUpGas(deployer, to), address: to });
  }
}

/** Lower-case addresses that the deployer has sent OPEN to. */
async function findServed({ account, reader }: Deployer, token: Address, fromBlock: number): Promise<Set<string>> {
  const transfers = await reader.getContractEvents({
    address: token,
    abi: openTokenAbi,
    eventName: 'Transfer',
    args: { from: account.address },
    fromBlock: BigInt(fromBlock),
    strict: true,
  });
  return new Set(transfers.map((log) => log.args.to.toLowerCase()));
}

async function sendOpen({ account, chain, reader, wallet }: Deployer, token: Address, to: Address, amountWei: bigint) {
  const call = { address: token, abi: openTokenAbi, functionName: 'transfer', args: [to, amountWei] } as const;
  await requireSuccess(reader, await wallet.writeContract({ account, chain, ...call }), `OPEN transfer to ${to}`);
}

/** The controller takes its allocation itself, so that it knows how much it may give. */
async function fundEmissions({ account, chain, reader, wallet }: Deployer, token: Address, controller: Address) {
  const approve = {
    address: token,
    abi: openTokenAbi,
    functionName: 'approve',
    args: [controller, emissionWei],
  } as const;
  await requireSuccess(reader, await wallet.writeContract({ account, chain, ...approve }), 'approval for emissions');
  const fund = { address: controller, abi: emissionControllerAbi, functionName: 'fund', args: [emissionWei] } as const;
  await requireSuccess(reader, await wallet.writeContract({ account, chain, ...fund }), 'OPEN for emissions');
}

async function requireSuccess(reader: Deployer['reader'], hash: Hex, what: string): Promise<void> {
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`${what} reverted (${hash})`);
}

async function topUpGas({ account, chain, reader, wallet }: Deployer, to: Address): Promise<boolean> {
  if ((await reader.getBalance({ address: to })) >= minimumGasWei) return false;
  const hash = await wallet.sendTransaction({ account, chain, to, value: gasWei });
  await reader.waitForTransactionReceipt({ hash });
  return true;
}
