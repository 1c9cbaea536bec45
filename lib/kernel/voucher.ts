import {
  type Address,
  encodeAbiParameters,
  type Hex,
  hashTypedData,
  keccak256,
  parseSignature,
  signatureToCompactSignature,
} from 'viem';

/** Which contract on which chain a voucher is for. */
export type ChannelsDomain = { chainId: number; inferenceChannels: Address };

/** "The receiver may have taken at most `maxClaimableWei` from this channel, over its whole life." */
export type Voucher = { channelId: Hex; maxClaimableWei: bigint };

/** What a channel's id binds, together with chain and contract. `signer` is the session key, never zero. */
export type ChannelTerms = { payer: Address; receiver: Address; signer: Address; delaySeconds: number; salt: Hex };

/** The EIP-712 domain of InferenceChannels, without chain and address. */
export const voucherDomain = { name: 'InferenceChannels', version: '1' } as const;

const types = {
  Voucher: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'maxClaimableAmount', type: 'uint128' },
  ],
} as const;

/** EIP-712 typed data of a voucher (x402 batch-settlement's type), for viem's `signTypedData`. */
export function voucherTypedData(domain: ChannelsDomain, voucher: Voucher) {
  return {
    domain: {
      ...voucherDomain,
      chainId: domain.chainId,
      verifyingContract: domain.inferenceChannels,
    },
    types,
    primaryType: 'Voucher',
    message: { channelId: voucher.channelId, maxClaimableAmount: voucher.maxClaimableWei },
  } as const;
}

/**
 * What the receiver, or its operator, signs so that anybody may bring these rows (`InferenceChannels.claimBySig`): of each row
 * the channel and the total, in order, until `deadline` (Unix seconds).
 */
export function chargesTypedData(
  domain: ChannelsDomain,
  { receiver, rows, deadline }: { receiver: Address; rows: readonly ClaimRow[]; deadline: bigint },
) {
  return {
    domain: { ...voucherDomain, chainId: domain.chainId, verifyingContract: domain.inferenceChannels },
    types: {
      Charges: [
        { name: 'receiver', type: 'address' },
        { name: 'charges', type: 'Charge[]' },
        { name: 'deadline', type: 'uint256' },
      ],
      Charge: [
        { name: 'channelId', type: 'bytes32' },
        { name: 'total', type: 'uint128' },
      ],
    },
    primaryType: 'Charges',
    message: { receiver, charges: rows.map(({ id, total }) => ({ channelId: id, total })), deadline },
  } as const;
}

/** The digest that the contract's `voucherDigest` returns. */
export function hashVoucher(domain: ChannelsDomain, voucher: Voucher): Hex {
  return hashTypedData(voucherTypedData(domain, voucher));
}

/** A channel's id, as the contract's `channelId` computes it. */
export function computeChannelId(domain: ChannelsDomain, terms: ChannelTerms): Hex {
  const words = ['uint256', 'address', 'address', 'address', 'address', 'uint40', 'bytes32'] as const;
  return keccak256(
    encodeAbiParameters(
      words.map((type) => ({ type })),
      [
        BigInt(domain.chainId),
        domain.inferenceChannels,
        terms.payer,
        terms.receiver,
        terms.signer,
        terms.delaySeconds,
        terms.salt,
      ],
    ),
  );
}

/** A row of `InferenceChannels.claim`: take the channel up to `totalWei`, at most what the voucher allows. */
export type ClaimRow = { id: Hex; maxClaimable: bigint; total: bigint; r: Hex; vs: Hex };

/** Turns a voucher and its 65-byte signature into a claim row with a compact signature (EIP-2098). */
export function toClaimRow(voucher: Voucher, signature: Hex, totalWei: bigint): ClaimRow {
  const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature));
  return { id: voucher.channelId, maxClaimable: voucher.maxClaimableWei, total: totalWei, r, vs: yParityAndS };
}
