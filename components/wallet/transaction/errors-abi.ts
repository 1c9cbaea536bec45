import type { Abi } from 'viem';
import { allAbis } from '#contracts-abi/all-abis.ts';

/** The custom errors of all our contracts: a call may fail in a contract below the one that was called. */
export const errorsAbi: Abi = Object.values<Abi>(allAbis).flatMap((abi) => abi.filter((item) => item.type === 'error'));
