import { decodeEventLog, type Log } from 'viem';
import type { chainEvents } from '#db/schema/settlement.ts';
import type { ContractName, IndexedContract } from './contracts.ts';
import { subjectArgOf } from './subjects.ts';

export type EventArgs = Record<string, string | number | boolean>;
export type ChainEvent = typeof chainEvents.$inferSelect & { contract: ContractName };

/** Turns a log of one of our contracts into its row; null for an event that the contract's ABI does not know. */
export function decodeLog(log: Log<bigint, number, false>, contracts: Map<string, IndexedContract>): ChainEvent | null {
  const contract = contracts.get(log.address.toLowerCase());
  if (!contract) return null;
  const decoded = tryDecode(log, contract);
  if (!decoded) return null;
  const args = flattenArgs(decoded.args);
  const subject = String(args[subjectArgOf(contract, decoded.eventName)] ?? '').toLowerCase();
  return {
    blockNumber: Number(log.blockNumber),
    logIndex: log.logIndex,
    blockHash: log.blockHash,
    txHash: log.transactionHash,
    contract: contract.name,
    name: decoded.eventName,
    subject,
    args,
  };
}

function tryDecode(log: Log<bigint, number, false>, contract: IndexedContract) {
  try {
    const { eventName, args } = decodeEventLog({ abi: contract.abi, topics: log.topics, data: log.data });
    return eventName ? { eventName, args: (args ?? {}) as unknown as Record<string, unknown> } : null;
  } catch {
    return null;
  }
}

/** Bigints as decimal text, addresses and hashes lower-case, members of structs as `policy.joinStake`. */
function flattenArgs(args: Record<string, unknown>, prefix = ''): EventArgs {
  const flat: EventArgs = {};
  for (const [name, value] of Object.entries(args)) {
    const key = `${prefix}${name}`;
    if (typeof value === 'bigint') flat[key] = value.toString();
    else if (typeof value === 'number' || typeof value === 'boolean') flat[key] = value;
    else if (typeof value === 'string') flat[key] = /^0x[0-9a-fA-F]+$/.test(value) ? value.toLowerCase() : value;
    else if (value !== null && typeof value === 'object') {
      Object.assign(flat, flattenArgs(value as Record<string, unknown>, `${key}.`));
    }
  }
  return flat;
}
