import type { Abi, Address, PublicClient } from 'viem';

/** What a contract answers, and what it must. */
export type Fact = { name: string; actual: Promise<unknown>; expected: unknown };

/** Asks a contract one thing. */
export function readFact(
  reader: PublicClient,
  contract: { name: string; address: Address; abi: Abi },
  functionName: string,
  args: readonly unknown[],
  expected: unknown,
): Fact {
  const { name, address, abi } = contract;
  const actual = reader.readContract({ address, abi, functionName, args });
  return { name: `${name}.${functionName}(${args.join(', ')})`, actual, expected };
}
