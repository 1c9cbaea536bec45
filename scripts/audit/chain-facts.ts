import { type Address, erc20Abi, getAbiItem, type Hex, type PublicClient } from 'viem';
import { attributionLedgerAbi } from '../../contracts-abi/attribution-ledger.ts';
import { inferenceChannelsAbi } from '../../contracts-abi/inference-channels.ts';
import { revenueRouterAbi } from '../../contracts-abi/revenue-router.ts';
import type { Deployment } from '../../lib/platform/deployment.ts';

export type ChannelFacts = { id: Hex; balanceWei: bigint; claimedWei: bigint };
/** The protocol's money at one block, from logs and state of the chain alone. Wei; addresses lower-case. */
export type ChainFacts = {
  depositedWei: bigint;
  withdrawnWei: bigint;
  /** Channels towards our router, with the contract's state. */
  channels: ChannelFacts[];
  /** Money of channels towards others, and what was claimed for them: same contract, not ours. */
  othersWei: bigint;
  dueWei: bigint;
  settledWei: bigint;
  donatedToRouterWei: bigint;
  flushedWei: bigint;
  feesWei: bigint;
  fundedByOthersWei: bigint;
  fundedWei: bigint;
  claimedWei: bigint;
  claimedBy: Map<string, bigint>;
  bondsWei: bigint;
  slashedToTreasuryWei: bigint;
  /** Total of the newest live epoch, and of the newest active one. */
  headTotalWei: bigint;
  activeTotalWei: bigint;
  /** Token balances, and what of them came by plain transfers that no contract counts. */
  tokens: Record<'inferenceChannels' | 'revenueRouter' | 'attributionLedger', { balanceWei: bigint; strayWei: bigint }>;
};

const transferEvent = getAbiItem({ abi: erc20Abi, name: 'Transfer' });
const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);

/** Reads everything at `blockNumber`. */
export async function readChainFacts(
  chain: PublicClient,
  deployment: Deployment,
  blockNumber: bigint,
): Promise<ChainFacts> {
  const { openToken, inferenceChannels, revenueRouter, attributionLedger } = deployment.addresses;
  const range = { fromBlock: BigInt(deployment.startBlock), toBlock: blockNumber, strict: true } as const;
  const router = revenueRouter.toLowerCase();
  const channelLogs = await chain.getContractEvents({
    address: inferenceChannels,
    abi: inferenceChannelsAbi,
    ...range,
  });
  const ledgerLogs = await chain.getContractEvents({ address: attributionLedger, abi: attributionLedgerAbi, ...range });
  const routerLogs = await chain.getContractEvents({ address: revenueRouter, abi: revenueRouterAbi, ...range });
  const received = async (to: Address) =>
    (await chain.getLogs({ address: openToken, event: transferEvent, args: { to }, ...range })).map(({ args }) => args);
  const balance = (account: Address) =>
    chain.readContract({ address: openToken, abi: erc20Abi, functionName: 'balanceOf', args: [account], blockNumber });

  const opened = channelLogs.filter((log) => log.eventName === 'Opened');
  const isOurs = new Map(opened.map(({ args }) => [args.id, args.receiver.toLowerCase() === router]));
  const states = await readChannels(chain, inferenceChannels, [...isOurs.keys()], blockNumber);
  const ours = states.filter((state) => isOurs.get(state.id));
  const others = states.filter((state) => !isOurs.get(state.id));
  const receivers = [...new Set(opened.map(({ args }) => args.receiver))].filter((one) => one.toLowerCase() !== router);
  const due = (receiver: Address) =>
    chain.readContract({
      ...{ address: inferenceChannels, abi: inferenceChannelsAbi, functionName: 'due', args: [receiver], blockNumber },
    } as const);
  const amounts = (name: 'Deposited' | 'Withdrawn' | 'Refunded', of: 'ours' | 'all') =>
    sum(
      channelLogs.flatMap((log) =>
        log.eventName === name && (of === 'all' || isOurs.get(log.args.id)) ? [log.args.amount] : [],
      ),
    );
  const ledgerAmounts = (name: 'Funded' | 'Claimed' | 'BondPosted' | 'BondWithdrawn') =>
    sum(ledgerLogs.flatMap((log) => (log.eventName === name ? [log.args.amount] : [])));
  const flushes = routerLogs.filter((log) => log.eventName === 'Flushed');
  const slashed = sum(
    ledgerLogs.flatMap(({ eventName, args }) => (eventName === 'BondSlashed' ? [args.amount - args.reward] : [])),
  );
  const challenged = sum(
    ledgerLogs.flatMap(({ eventName, args }) => (eventName === 'EpochChallenged' ? [args.bond] : [])),
  );
  const bondsWei = ledgerAmounts('BondPosted') + challenged - ledgerAmounts('BondWithdrawn') - slashed;
  const settledWei = sum(
    channelLogs.flatMap((log) =>
      log.eventName === 'Settled' && log.args.receiver.toLowerCase() === router ? [log.args.amount] : [],
    ),
  );
  const toRouter = await received(revenueRouter);
  const toChannels = sum((await received(inferenceChannels)).map((args) => args.value));
  const toLedger = sum((await received(attributionLedger)).map((args) => args.value));
  const [fundedWei, claimedWei] = await chain.readContract({
    ...{ address: attributionLedger, abi: attributionLedgerAbi, functionName: 'totals', blockNumber },
  } as const);
  const claimedBy = new Map<string, bigint>();
  for (const log of ledgerLogs) {
    if (log.eventName !== 'Claimed') continue;
    const account = log.args.account.toLowerCase();
    claimedBy.set(account, (claimedBy.get(account) ?? 0n) + log.args.amount);
  }
  return {
    depositedWei: amounts('Deposited', 'ours'),
    withdrawnWei: amounts('Withdrawn', 'ours') + amounts('Refunded', 'ours'),
    channels: ours,
    othersWei:
      sum(others.map((state) => state.balanceWei - state.claimedWei)) + sum(await Promise.all(receivers.map(due))),
    dueWei: await due(revenueRouter),
    settledWei,
    donatedToRouterWei: sum(
      toRouter.filter(({ from }) => from.toLowerCase() !== inferenceChannels.toLowerCase()).map(({ value }) => value),
    ),
    flushedWei: sum(flushes.map(({ args }) => args.amount)),
    feesWei: sum(flushes.map(({ args }) => args.fee)),
    fundedByOthersWei: sum(
      ledgerLogs.flatMap((log) =>
        log.eventName === 'Funded' && log.args.from.toLowerCase() !== router ? [log.args.amount] : [],
      ),
    ),
    fundedWei,
    claimedWei,
    claimedBy,
    bondsWei,
    slashedToTreasuryWei: slashed,
    ...(await readEpochTotals(chain, attributionLedger, blockNumber)),
    tokens: {
      inferenceChannels: {
        balanceWei: await balance(inferenceChannels),
        strayWei: toChannels - amounts('Deposited', 'all'),
      },
      revenueRouter: { balanceWei: await balance(revenueRouter), strayWei: 0n },
      attributionLedger: {
        balanceWei: await balance(attributionLedger),
        strayWei: toLedger - ledgerAmounts('Funded') - ledgerAmounts('BondPosted') - challenged,
      },
    },
  };
}

async function readChannels(
  chain: PublicClient,
  address: Address,
  ids: readonly Hex[],
  blockNumber: bigint,
): Promise<ChannelFacts[]> {
  const abi = inferenceChannelsAbi;
  return Promise.all(
    ids.map(async (id) => {
      const call = { address, abi, functionName: 'channels', args: [id], blockNumber } as const;
      const [, balanceWei, , claimedWei] = await chain.readContract(call);
      return { id, balanceWei, claimedWei };
    }),
  );
}

async function readEpochTotals(chain: PublicClient, address: Address, blockNumber: bigint) {
  const contract = { address, abi: attributionLedgerAbi, blockNumber } as const;
  const head = await chain.readContract({ ...contract, functionName: 'headEpoch' });
  const active = await chain.readContract({ ...contract, functionName: 'claimableEpoch' });
  const totalOf = async (id: number) =>
    (await chain.readContract({ ...contract, functionName: 'epochs', args: [id] }))[1];
  return { headTotalWei: await totalOf(head), activeTotalWei: await totalOf(active) };
}
