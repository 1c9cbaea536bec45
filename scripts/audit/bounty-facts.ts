import { erc20Abi, getAbiItem, type PublicClient } from 'viem';
import { bountiesAbi } from '../../contracts-abi/bounties.ts';
import type { Deployment } from '../../lib/platform/deployment.ts';
import type { Check } from './check-conservation.ts';

const transferEvent = getAbiItem({ abi: erc20Abi, name: 'Transfer' });
const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);

/**
 * The escrow of bounties at one block: what it holds is what was given less what was taken back, paid and refunded, and what was sent to
 * it past its functions. From logs and its balance alone.
 */
export async function readBountyChecks(
  chain: PublicClient,
  deployment: Deployment,
  blockNumber: bigint,
): Promise<Check[]> {
  const { bounties, openToken } = deployment.addresses;
  if (!bounties) return [];
  const range = { fromBlock: BigInt(deployment.startBlock), toBlock: blockNumber, strict: true } as const;
  const contract = { address: bounties, abi: bountiesAbi, ...range } as const;
  const [funded, objected, paid, refunded, received, heldWei] = await Promise.all([
    chain.getContractEvents({ ...contract, eventName: 'BountyFunded' }),
    chain.getContractEvents({ ...contract, eventName: 'BountyObjected' }),
    chain.getContractEvents({ ...contract, eventName: 'BountyPaid' }),
    chain.getContractEvents({ ...contract, eventName: 'BountyRefunded' }),
    chain.getLogs({ address: openToken, event: transferEvent, args: { to: bounties }, ...range }),
    chain.readContract({
      address: openToken,
      abi: erc20Abi,
      functionName: 'balanceOf',
      args: [bounties],
      blockNumber,
    }),
  ]);
  const givenWei = sum(funded.map(({ args }) => args.amount));
  const leftWei =
    sum(objected.map(({ args }) => args.part)) +
    sum(paid.map(({ args }) => args.amount)) +
    sum(refunded.map(({ args }) => args.amount));
  const strayWei = sum(received.map(({ args }) => args.value)) - givenWei;
  return [
    { name: 'tokens of Bounties = given - taken out (+ stray)', left: heldWei, right: givenWei - leftWei + strayWei },
  ];
}
