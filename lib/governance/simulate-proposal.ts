import { decodeEventLog, type Log, RpcRequestError } from 'viem';
import { formatOpen } from '#lib/kernel/money.ts';
import { decodeRevert, type RevertReason } from '#lib/platform/chain/decode-revert.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contractsOf } from '#lib/platform/indexer/contracts.ts';
import { contractTitle, momentText, parameterKey, parameterText, parameterWords, partyName } from './decision-words.ts';
import { GovernanceMissingError } from './errors.ts';
import type { ProposalCall } from './types.ts';

type ReadDeps = Pick<Deps, 'chain' | 'deployment'>;
type Hex = `0x${string}`;

/** What one call did when it was run on the newest block without being sent. */
export type SimulatedCall = {
  ok: boolean;
  /** What the contracts announced, in words; empty where they announce nothing, or the node cannot tell. */
  effects: string[];
  /** Why it failed. */
  failure: RevertReason | null;
};

/**
 * Runs the calls of a proposal one after the other in the name of the timelock that would execute them, without sending
 * anything (`eth_simulateV1`). On a node without it each call is run on its own (`eth_call`): then a call that needs the one
 * before it seems to fail, and effects are unknown.
 *
 * Throws {@link GovernanceMissingError} on a deployment without timelocks, and when the node cannot be reached.
 */
export async function simulateProposal(deps: ReadDeps, calls: readonly ProposalCall[]): Promise<SimulatedCall[]> {
  const account = executorOf(deps, calls);
  const requests = calls.map(({ to, valueWei, data }) => ({ account, to, value: valueWei, data }));
  try {
    const [block] = await deps.chain.simulateBlocks({ blocks: [{ calls: requests }] });
    return block!.calls.map(({ status, data, logs }) =>
      status === 'success'
        ? { ok: true, effects: (logs ?? []).flatMap((log) => describeLog(deps, log)), failure: null }
        : { ok: false, effects: [], failure: reasonOf(data) },
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    return Promise.all(requests.map((request) => runAlone(deps, request)));
  }
}

/** The same rule as OpenGovernor's: only parameters, and no coins, is fast. */
function executorOf({ deployment }: ReadDeps, calls: readonly ProposalCall[]): Hex {
  const { params, timelockFast, timelockSlow } = deployment.addresses;
  if (!params || !timelockFast || !timelockSlow) throw new GovernanceMissingError();
  const isFast = calls.every(({ to, valueWei }) => to.toLowerCase() === params.toLowerCase() && valueWei === 0n);
  return isFast ? timelockFast : timelockSlow;
}

async function runAlone(
  { chain }: ReadDeps,
  request: { account: Hex; to: Hex; value: bigint; data: Hex },
): Promise<SimulatedCall> {
  try {
    await chain.call(request);
    return { ok: true, effects: [], failure: null };
  } catch (error) {
    const failure = decodeRevert(error);
    if (!failure) throw error;
    return { ok: false, effects: [], failure };
  }
}

/** The node answered, but will not simulate: it does not know the method, or refuses the batch as a whole. */
const isRefused = (error: unknown): boolean =>
  (error as { walk?: (test: (inner: unknown) => boolean) => unknown }).walk?.(
    (inner) => inner instanceof RpcRequestError,
  ) != null;

function reasonOf(data: Hex): RevertReason {
  return (
    decodeRevert(new RpcRequestError({ body: {}, error: { code: 3, message: '', data }, url: '' })) ?? {
      errorName: 'Revert',
      errorArgs: [],
    }
  );
}

/** An event in words. What no contract of ours announced is left out: it may say anything. */
function describeLog({ deployment }: ReadDeps, log: Log): string[] {
  const contract = contractsOf(deployment).get(log.address.toLowerCase());
  if (!contract) return [];
  const { eventName = 'an event', args } = decodeEventLog({
    abi: contract.abi,
    data: log.data,
    topics: log.topics,
    strict: true,
  });
  const named = (args ?? {}) as Record<string, unknown>;
  const title = contractTitle(contract.name);
  return [
    `${words[`${title}.${eventName}`]?.(named, (a) => partyName(deployment, a)) ?? generic(title, eventName, named)}.`,
  ];
}

type Say = (args: Record<string, unknown>, party: (address: unknown) => string) => string;

const moved: Say = ({ from, to, value }, party) =>
  `${formatOpen(value as bigint)} OPEN go from ${party(from)} to ${party(to)}`;

const words: Record<string, Say> = {
  'Params.ParamSet': ({ key, before, value, effectiveEpoch }) => {
    const name = parameterKey(key);
    const [old, next] = [before, value].map((wei) => parameterText(name, wei as bigint));
    return `The ${parameterWords(name)} goes from ${old} to ${next} in epoch ${effectiveEpoch}`;
  },
  'OpenToken.Transfer': moved,
  'WrappedOpen.Transfer': moved,
  'Directory.SunsetSet': ({ target, at, time }, party) =>
    `${party(target)} takes nothing new from ${momentText((at ?? time) as bigint)} on`,
};

function generic(title: string, eventName: string, args: Record<string, unknown>): string {
  const list = Object.entries(args).map(([name, value]) => `${name} ${String(value)}`);
  return `${title} announces ${eventName}${list.length > 0 ? ` with ${list.join(', ')}` : ''}`;
}
