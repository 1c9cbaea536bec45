import { type Abi, decodeErrorResult, type Hex, BaseError as ViemError } from 'viem';
import { allAbis } from '#contracts-abi/all-abis.ts';

const errorsAbi: Abi = Object.values(allAbis).flatMap((abi) => (abi as Abi).filter((item) => item.type === 'error'));

export type RevertReason = { errorName: string; errorArgs: readonly unknown[] };

/**
 * The custom error inside a failed call, also when a contract deeper in the call raised it. Null when the failure is no
 * revert (node unreachable, nonce, funds).
 */
export function decodeRevert(error: unknown): RevertReason | null {
  if (!(error instanceof ViemError)) return null;
  const withData = error.walk((inner) => revertData(inner) !== null);
  const data = withData ? revertData(withData) : null;
  if (data) return decodeData(data);
  const reverted = error.walk((inner) => (inner as Error).name === 'ExecutionRevertedError');
  return reverted ? { errorName: 'Revert', errorArgs: [(reverted as Error).message] } : null;
}

function decodeData(data: Hex): RevertReason {
  try {
    const { errorName, args } = decodeErrorResult({ abi: errorsAbi, data });
    return { errorName, errorArgs: args ?? [] };
  } catch {
    return { errorName: 'UnknownRevert', errorArgs: [data] };
  }
}

/** JSON-RPC errors carry the revert bytes as `data`, some nodes one level deeper. */
function revertData(error: unknown): Hex | null {
  const { data } = error as { data?: unknown };
  if (typeof data === 'string' && /^0x[0-9a-f]{8,}$/i.test(data)) return data as Hex;
  const nested = (data as { data?: unknown } | null | undefined)?.data;
  return typeof nested === 'string' && /^0x[0-9a-f]{8,}$/i.test(nested) ? (nested as Hex) : null;
}
