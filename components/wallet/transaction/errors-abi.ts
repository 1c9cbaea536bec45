import type { Abi } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { faucetAbi } from '#contracts-abi/faucet.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';

const abis: readonly Abi[] = [
  attributionLedgerAbi,
  datanetRegistryAbi,
  faucetAbi,
  inferenceChannelsAbi,
  modelRegistryAbi,
  openTokenAbi,
  revenueRouterAbi,
];

/** The custom errors of all our contracts: a call may fail in a contract below the one that was called. */
export const errorsAbi: Abi = abis.flatMap((abi) => abi.filter((item) => item.type === 'error'));
