import { setTimeout } from 'node:timers/promises';
import { type Address, encodeFunctionData, type Hex, isAddressEqual, keccak256, zeroAddress, zeroHash } from 'viem';
import { directoryAbi } from '#contracts-abi/directory.ts';
import { openTimelockAbi } from '#contracts-abi/open-timelock.ts';
import type { Deployer, DeployProgress } from './deployer.ts';
import { type DirectoryEntry, directoryEntries } from './directory-entries.ts';
import type { Addresses, DeployConfig } from './plan-deployment.ts';

/** How long a replaced contract still takes what is new; its exits stay for ever. */
const sunsetSeconds = 3_600n;

/**
 * Brings the Directory to the planned entries and hands it to TimelockSlow. A Directory that has been handed over is
 * changed through its timelock where the deployer may propose there (devnets); replaced contracts get their sunset.
 *
 * Throws with the calls to propose where only a vote can make them: run the deployment again when they are executed.
 */
export async function fillDirectory(
  deployer: Deployer,
  addresses: Addresses,
  config: DeployConfig,
  onStep: (progress: DeployProgress) => void,
): Promise<void> {
  const { account, reader } = deployer;
  const contract = { address: addresses.directory, abi: directoryAbi } as const;
  const owner = await reader.readContract({ ...contract, functionName: 'owner' });
  const { timestamp } = await reader.getBlock();
  const delay = isAddressEqual(owner, account.address) ? 0n : await delayOf(deployer, owner);
  const calls = await missingCalls(deployer, addresses, config, timestamp + delay + sunsetSeconds);
  if (!isAddressEqual(owner, addresses.timelockSlow)) {
    calls.push(
      encodeFunctionData({ abi: directoryAbi, functionName: 'transferOwnership', args: [addresses.timelockSlow] }),
    );
  }
  if (calls.length === 0) return;
  if (isAddressEqual(owner, account.address)) {
    for (const data of calls) await send(deployer, addresses.directory, data);
  } else {
    await throughTimelock(deployer, owner, addresses.directory, calls, delay);
  }
  onStep({ name: 'Directory', created: true, address: addresses.directory });
}

/** What differs from the plan, as calls of the Directory. */
async function missingCalls(
  { reader }: Deployer,
  addresses: Addresses,
  config: DeployConfig,
  sunsetAt: bigint,
): Promise<Hex[]> {
  const contract = { address: addresses.directory, abi: directoryAbi } as const;
  const entries = directoryEntries(addresses, config);
  const before = await Promise.all(
    entries.map(({ key }) => reader.readContract({ ...contract, functionName: 'addressOf', args: [key] })),
  );
  const wrong = entries.flatMap((entry, at): (DirectoryEntry & { before: Address })[] =>
    isRight(entry, before[at]!) ? [] : [{ ...entry, before: before[at]! }],
  );
  if (wrong.length === 0) return [];
  const args = [wrong.map(({ key }) => key), wrong.map(({ target }) => target)] as const;
  const current = new Set(
    [...Object.values(addresses), ...entries.map(({ target }) => target)].map((a) => a.toLowerCase()),
  );
  const replaced = [...new Set(wrong.map((entry) => entry.before))].filter(
    (target) => target !== zeroAddress && !current.has(target.toLowerCase()),
  );
  return [
    encodeFunctionData({ abi: directoryAbi, functionName: 'setMany', args }),
    ...replaced.map((target) =>
      encodeFunctionData({ abi: directoryAbi, functionName: 'setSunset', args: [target, sunsetAt] }),
    ),
  ];
}

/** Whether an entry is as planned, or as governance has decided since. */
function isRight({ target, isFirstOnly }: DirectoryEntry, current: Address): boolean {
  return isAddressEqual(current, target) || (isFirstOnly && current !== zeroAddress);
}

async function delayOf({ reader }: Deployer, timelock: Address): Promise<bigint> {
  return reader.readContract({ address: timelock, abi: openTimelockAbi, functionName: 'getMinDelay' });
}

/** Schedules the calls in one operation, waits for its time, executes it. */
async function throughTimelock(
  deployer: Deployer,
  timelock: Address,
  directory: Address,
  calls: readonly Hex[],
  delay: bigint,
): Promise<void> {
  const contract = { address: timelock, abi: openTimelockAbi } as const;
  const { account, reader } = deployer;
  const role = await reader.readContract({ ...contract, functionName: 'PROPOSER_ROLE' });
  const args = [role, account.address] as const;
  if (!(await reader.readContract({ ...contract, functionName: 'hasRole', args }))) {
    const list = calls.map((data) => `\n  to ${directory} data ${data}`).join('');
    throw new Error(`the contracts are there; the Directory needs a proposal with these calls:${list}`);
  }
  const batch = [calls.map(() => directory), calls.map(() => 0n), calls, zeroHash, keccak256(calls.join('') as Hex)];
  const five = batch as [Address[], bigint[], Hex[], Hex, Hex];
  const abi = openTimelockAbi;
  await send(deployer, timelock, encodeFunctionData({ abi, functionName: 'scheduleBatch', args: [...five, delay] }));
  await setTimeout(Number(delay + 1n) * 1_000);
  await send(deployer, timelock, encodeFunctionData({ abi, functionName: 'executeBatch', args: five }));
}

async function send({ account, chain, reader, wallet }: Deployer, to: Address, data: Hex): Promise<void> {
  const hash = await wallet.sendTransaction({ account, chain, to, data });
  const receipt = await reader.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`a call of ${to} reverted (${hash})`);
}
