import { type Address, hexToBigInt, isAddressEqual, type PublicClient, parseEventLogs, stringToHex } from 'viem';
import { allAbis } from '#contracts-abi/all-abis.ts';
import { paramsAbi } from '#contracts-abi/params.ts';
import { openGovernorAbi } from '#contracts-abi/open-governor.ts';
import { decodeRevert, type RevertReason } from '#lib/platform/chain/decode-revert.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { governanceContracts } from './governance-contracts.ts';
import { parameterNames } from './rules.ts';
import type { ProposalCall } from './types.ts';
