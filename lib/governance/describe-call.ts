import { type Abi, type AbiParameter, decodeFunctionData, getAbiItem } from 'viem';
import { formatOpen } from '#lib/kernel/money.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import { contractsOf } from '#lib/platform/indexer/contracts.ts';
import {
  contractTitle,
  durationText,
  momentText,
  parameterKey,
  parameterText,
  parameterWords,
  partyName,
} from './decision-words.ts';
import type { ProposalCall } from './types.ts';

type Hex = `0x${string}`;

/** What one call of a proposal would do, decoded with our ABIs. */
export type CallDescription = {
  /** In plain words. */
  sentence: string;
  /** "Params.set" */
  call: string;
  /** Names and values of the arguments, as the contract names them. */
  args: { name: string; value: string }[];
};

/** Null for a contract that is none of ours, or bytes that fit no function of it: nobody should vote for those unread. */
export function describeCall(deployment: Deployment, call: ProposalCall): CallDescription | null {
  const contract = contractsOf(deployment).get(call.to.toLowerCase());
  if (!contract) return null;
  const decoded = decode(contract.abi, call.data);
  if (!decoded) return null;
  const name = contractTitle(contract.name);
  const value = call.valueWei > 0n ? ` with ${formatOpen(call.valueWei)} of the chain’s coin` : '';
  const inputs = inputsOf(contract.abi, decoded);
  const args = decoded.args.map((arg, at) => ({ name: inputs[at]?.name || `argument ${at + 1}`, value: toText(arg) }));
  const words = sentences[`${name}.${decoded.functionName}`]?.(decoded.args, (address) =>
    partyName(deployment, address),
  );
  const list = args.map((arg) => `${arg.name} ${arg.value}`).join(', ');
  const sentence = words ?? `Calls ${decoded.functionName} of ${name}${list ? ` with ${list}` : ''}`;
  return { sentence: `${sentence}${value}.`, call: `${name}.${decoded.functionName}`, args };
}

type Decoded = { functionName: string; args: readonly unknown[] };
type Say = (args: readonly unknown[], party: (address: unknown) => string) => string;

/** Decisions that governance is for, in words. Every other call is named with its arguments. */
const sentences: Record<string, Say> = {
  'Params.set': ([key, value, from]) =>
    `Sets the ${parameterWords(parameterKey(key))} to ${parameterText(parameterKey(key), value as bigint)}, ${
      (from as bigint) > 0n ? `from epoch ${from} on, at the earliest the next` : 'from the next epoch on'
    }`,
  'Directory.set': ([, target], party) => `Gives a part of the protocol to ${party(target)}`,
  'Directory.setMany': ([names, targets], party) =>
    `Gives ${(names as unknown[]).length} parts of the protocol to ${(targets as unknown[]).map(party).join(', ')}`,
  'Directory.setSunset': ([target, at], party) =>
    `Ends what is new in ${party(target)} from ${momentText(at as bigint)} on; leaving it stays possible`,
  'Directory.transferOwnership': ([to], party) => `Lets ${party(to)} decide who plays which part`,
  'Guardian.appoint': ([holder], party) => `Gives the Guardian’s power to ${party(holder)} for 548 days`,
  'OpenGovernor.setVotingDelay': ([seconds]) => `Voting begins ${durationText(seconds as number)} after a proposal`,
  'OpenGovernor.setVotingPeriod': ([seconds]) => `Voting lasts ${durationText(seconds as number)}`,
  'OpenGovernor.setProposalThreshold': ([wei]) => `Proposing needs ${formatOpen(wei as bigint)} GOPEN`,
  'OpenTimelock.updateDelay': ([seconds]) =>
    `Decisions wait ${durationText(seconds as number)} before they take effect`,
  'OpenToken.transfer': ([to, wei], party) => `Pays ${formatOpen(wei as bigint)} OPEN to ${party(to)}`,
  'WrappedOpen.transfer': ([to, wei], party) => `Pays ${formatOpen(wei as bigint)} OPEN to ${party(to)}`,
  'OpenToken.approve': ([to, wei], party) => `Lets ${party(to)} take up to ${formatOpen(wei as bigint)} OPEN`,
};

function decode(abi: Abi, data: Hex): Decoded | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi, data });
    return { functionName, args: (args ?? []) as readonly unknown[] };
  } catch {
    return null;
  }
}

function inputsOf(abi: Abi, { functionName, args }: Decoded): readonly AbiParameter[] {
  const item = getAbiItem({ abi, name: functionName, args } as Parameters<typeof getAbiItem>[0]);
  return item?.type === 'function' ? item.inputs : [];
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `(${Object.entries(value)
    .map(([name, part]) => `${name} ${toText(part)}`)
    .join(', ')})`;
}
