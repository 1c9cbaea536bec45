import { type Address, erc20Abi, getAbiItem, type Hex, type PublicClient } from 'viem';
import { attributionLedgerAbi } from '../../contracts-abi/attribution-ledger.ts';
import { inferenceChannelsAbi } from '../../contracts-abi/inference-channels.ts';
import { revenueRouterAbi } from '../../contracts-abi/revenue-router.ts';
import type { Deployment } from '../../lib/platform/deployment.ts';

export type ChannelFacts = { id: Hex; balanceWei: bigint; claimedWei: bigint };
/** What a contract holds, and what of it came by plain transfers that the contract does not count. */
export type TokenFacts = { balanceWei: bigint; strayWei: bigint };

/** The protocol's money at one block, from logs and state of the chain alone. Wei; addresses lower-case. */
export type ChainFacts = Awaited<ReturnType<typeof readChainFacts>>;

/** Where and when to read. */
type Place = { chain: PublicClient; deployment: Deployment; blockNumber: bigint };
type Range = { fromBlock: bigint; toBlock: bigint; strict: true };

const transferEvent = getAbiItem({ abi: erc20Abi, name: 'Transfer' });
const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);

/** Reads everything at `blockNumber`. */
export async function readChainFacts(chain: PublicClient, deployment: Deployment, blockNumber: bigint) {
  const place: Place = { chain, deployment, blockNumber };
  const range: Range = { fromBlock: BigInt(deployment.startBlock), toBlock: blockNumber, strict: true };
  const [channels, ledger, router] = [
    await readChannelMoney(place, range),
    await readLedgerMoney(place, range),
    await readRouterMoney(place, range),
  ];
  const { inferenceChannels, attributionLedger } = deployment.addresses;
  return {
    ...channels.facts,
    ...ledger.facts,
    ...router,
    tokens: {
      inferenceChannels: await readTokens(place, range, inferenceChannels, channels.countedWei),
      attributionLedger: await readTokens(place, range, attributionLedger, ledger.countedWei),
    },
  };
}

async function readChannelMoney(place: Place, range: Range) {
  const { chain, deployment, blockNumber } = place;
  const contract = { address: deployment.addresses.inferenceChannels, abi: inferenceChannelsAbi, blockNumber } as const;
  const router = deployment.addresses.revenueRouter.toLowerCase();
  const logs = await chain.getContractEvents({ address: contract.address, abi: contract.abi, ...range });
  const opened = logs.filter((log) => log.eventName === 'Opened');
  const isOurs = new Map(opened.map(({ args }) => [args.id, args.receiver.toLowerCase() === router]));
  const states = await Promise.all(
    [...isOurs.keys()].map(async (id): Promise<ChannelFacts> => {
      const [, balanceWei, , claimedWei] = await chain.readContract({
        ...contract,
        functionName: 'channels',
        args: [id],
      });
      return { id, balanceWei, claimedWei };
    }),
  );
  const due = (receiver: Address) => chain.readContract({ ...contract, functionName: 'due', args: [receiver] });
  const others = states.filter((state) => !isOurs.get(state.id));
  const otherReceivers = new Set(opened.map(({ args }) => args.receiver).filter((one) => one.toLowerCase() !== router));
  const othersDue = await Promise.all([...otherReceivers].map(due));
  const amounts = (names: readonly string[], all = false) =>
    logs.flatMap(({ eventName, args }) =>
      names.includes(eventName) && 'id' in args && 'amount' in args && (all || isOurs.get(args.id))
        ? [args.amount]
        : [],
    );
  const settled = logs.flatMap(({ eventName, args }) =>
    eventName === 'Settled' && args.receiver.toLowerCase() === router ? [args.amount] : [],
  );
  const facts = {
    depositedWei: sum(amounts(['Deposited'])),
    withdrawnWei: sum(amounts(['Withdrawn', 'Refunded'])),
    /** Channels towards our router, with the contract's state. */
    channels: states.filter((state) => isOurs.get(state.id)),
    /** Money of channels towards others, and what was claimed for them: the same contract, not ours. */
    othersWei: sum(others.map((state) => state.balanceWei - state.claimedWei)) + sum(othersDue),
    dueWei: await due(deployment.addresses.revenueRouter),
    settledWei: sum(settled),
  };
  return { facts, countedWei: sum(amounts(['Deposited'], true)) };
}

async function readLedgerMoney(place: Place, range: Range) {
  const { chain, deployment, blockNumber } = place;
  const contract = { address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi, blockNumber } as const;
  const router = deployment.addresses.revenueRouter.toLowerCase();
  const logs = await chain.getContractEvents({ address: contract.address, abi: contract.abi, ...range });
  const amounts = (name: 'Funded' | 'BondPosted' | 'BondWithdrawn') =>
    logs.flatMap((log) => (log.eventName === name ? [log.args.amount] : []));
  const slashed = logs.flatMap(({ eventName, args }) =>
    eventName === 'BondSlashed' ? [args.amount - args.reward] : [],
  );
  const challenged = logs.flatMap(({ eventName, args }) => (eventName === 'EpochChallenged' ? [args.bond] : []));
  const byOthers = logs.flatMap(({ eventName, args }) =>
    eventName === 'Funded' && args.from.toLowerCase() !== router ? [args.amount] : [],
  );
  const claimedBy = new Map<string, bigint>();
  for (const { eventName, args } of logs) {
    if (eventName !== 'Claimed') continue;
    const account = args.account.toLowerCase();
    claimedBy.set(account, (claimedBy.get(account) ?? 0n) + args.amount);
  }
  const [fundedWei] = await chain.readContract({ ...contract, functionName: 'totals' });
  const totalOf = async (id: number) =>
    (await chain.readContract({ ...contract, functionName: 'epochs', args: [id] }))[1];
  const bondsInWei = sum(amounts('BondPosted')) + sum(challenged);
  const facts = {
    fundedWei,
    fundedByOthersWei: sum(byOthers),
    claimedWei: sum([...claimedBy.values()]),
    claimedBy,
    bondsWei: bondsInWei - sum(amounts('BondWithdrawn')) - sum(slashed),
    slashedToTreasuryWei: sum(slashed),
    /** Total of the newest live epoch, and of the newest active one. */
    headTotalWei: await totalOf(await chain.readContract({ ...contract, functionName: 'headEpoch' })),
    activeTotalWei: await totalOf(await chain.readContract({ ...contract, functionName: 'claimableEpoch' })),
  };
  return { facts, countedWei: sum(amounts('Funded')) + bondsInWei };
}

async function readRouterMoney(place: Place, range: Range) {
  const { chain, deployment } = place;
  const { revenueRouter, inferenceChannels } = deployment.addresses;
  const logs = await chain.getContractEvents({ address: revenueRouter, abi: revenueRouterAbi, ...range });
  const received = await readTransfersTo(place, range, revenueRouter);
  const donated = received.filter(({ from }) => from.toLowerCase() !== inferenceChannels.toLowerCase());
  return {
    donatedToRouterWei: sum(donated.map(({ value }) => value)),
    feesWei: sum(logs.flatMap(({ eventName, args }) => (eventName === 'Flushed' ? [args.fee] : []))),
    inRouterWei: await balanceOf(place, revenueRouter),
  };
}

/** `countedWei`: what the contract's own events say was paid in; anything above it is stray. */
async function readTokens(place: Place, range: Range, holder: Address, countedWei: bigint): Promise<TokenFacts> {
  const received = await readTransfersTo(place, range, holder);
  return {
    balanceWei: await balanceOf(place, holder),
    strayWei: sum(received.map(({ value }) => value)) - countedWei,
  };
}

async function readTransfersTo({ chain, deployment }: Place, range: Range, to: Address) {
  const address = deployment.addresses.openToken;
  return (await chain.getLogs({ address, event: transferEvent, args: { to }, ...range })).map(({ args }) => args);
}

function balanceOf({ chain, deployment, blockNumber }: Place, account: Address): Promise<bigint> {
  const token = { address: deployment.addresses.openToken, abi: erc20Abi, blockNumber } as const;
  return chain.readContract({ ...token, functionName: 'balanceOf', args: [account] });
}
