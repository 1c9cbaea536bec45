import {
  BaseError,
  ContractFunctionRevertedError,
  decodeErrorResult,
  type Hex,
  InsufficientFundsError,
  isHex,
  UserRejectedRequestError,
} from 'viem';
import { errorsAbi } from '#contracts-abi/errors.ts';
import { contractSentences } from './contract-sentences.ts';

/** True when the person refused in the wallet (EIP-1193 code 4001, or the way some wallets say it). */
export function isDeclined(error: unknown): boolean {
  if (!(error instanceof BaseError)) return (error as { code?: unknown } | null)?.code === 4001;
  return (
    error.walk((inner) => inner instanceof UserRejectedRequestError || (inner as { code?: unknown }).code === 4001) !==
    null
  );
}

/** A failed call as one sentence for the person: a contract's own reason, missing network currency, or a silent chain. */
export function describeFailure(error: unknown, currency: string): string {
  const reason = revertOf(error);
  if (reason) {
    const sentence = contractSentences[reason.name]?.(reason.args);
    return sentence ?? `The contract refused: ${reason.name}. Nothing was sent.`;
  }
  if (error instanceof BaseError) {
    if (error.walk((inner) => inner instanceof InsufficientFundsError) || /insufficient funds/i.test(error.details)) {
      return `This account has too little ${currency} for the network fee. Add some and try again.`;
    }
    if (/fetch|timed? ?out|network|HTTP request/i.test(error.shortMessage)) {
      return 'The chain does not answer. Nothing was sent; try again in a minute.';
    }
    return `The wallet or the chain refused: ${error.shortMessage}`;
  }
  return error instanceof Error ? error.message : 'The wallet refused without a reason. Nothing was sent.';
}

function revertOf(error: unknown): { name: string; args: readonly unknown[] } | null {
  if (!(error instanceof BaseError)) return null;
  const reverted = error.walk((inner) => inner instanceof ContractFunctionRevertedError);
  // A plain call knows no ABI; the node's answer carries the bytes.
  if (!(reverted instanceof ContractFunctionRevertedError)) return decodeRaw(rawOf(error));
  if (reverted.data) return { name: reverted.data.errorName, args: reverted.data.args ?? [] };
  // An error of a contract that was called deeper down is not in the ABI of the one that we called.
  return decodeRaw(reverted.raw) ?? { name: reverted.reason ?? 'no reason given', args: [] };
}

function rawOf(error: BaseError): Hex | undefined {
  const carrier = error.walk((inner) => isHex((inner as { data?: unknown }).data));
  return (carrier as { data?: Hex } | null)?.data;
}

function decodeRaw(raw: Hex | undefined): { name: string; args: readonly unknown[] } | null {
  if (!raw || raw === '0x') return null;
  try {
    const { errorName, args } = decodeErrorResult({ abi: errorsAbi, data: raw });
    return { name: errorName, args: args ?? [] };
  } catch {
    return { name: raw.slice(0, 10), args: [] };
  }
}
