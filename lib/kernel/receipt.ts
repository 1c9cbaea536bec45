import { sha256, toHex } from 'viem';
import { canonicalJson, type Json } from './canonical-json.ts';

/**
 * The record of one answer, version 1. Integers that may exceed 2^53 are decimal text, so canonical JSON has no float.
 * Prompt and answer stand in it only as salted hashes: the payer, who has the salt, can prove them; nobody else can read them.
 */
export type ReceiptBody = {
  version: 1;
  id: string;
  inferenceId: string;
  issuedAt: string; // ISO 8601, UTC
  gateway: string; // address that signs
  payer: string | null; // null: a free answer
  channelId: string | null;
  requestHash: string; // SHA-256(salt || canonical JSON of the messages)
  outputHash: string; // SHA-256(salt || UTF-8 of the answer)
  model: { id: string; versionHash: string; adapterSha256: string; baseModel: string };
  datanet: { id: string; versionId: string; number: number; root: string };
  tokens: { prompt: number; completion: number };
  price: { inputWeiPerToken: string; outputWeiPerToken: string };
  feeWei: string;
  split: { data: number; model: number; app: number; infra: number; validators: number }; // bps of what is left after the protocol fee
  attribution: {
    method: string;
    indexSha256: string;
    queryCodesHash: string;
    confident: boolean;
    cutScore: string;
    rows: { exampleId: string; contributor: string; score: string; sharePpm: number }[];
    shares: { contributor: string; sharePpm: number }[];
    // Verbatim matches, no part of the shares; left out where the adapter has no suffix index.
    // hash: SHA-256(salt || canonical JSON of the spans), because spans quote the answer.
    spans?: { indexSha256: string; count: number; hash: string };
  };
};

/** SHA-256 over the receipt's canonical JSON; what the gateway signs (EIP-191) and the leaf of the receipts tree. */
export function receiptHash(body: ReceiptBody): `0x${string}` {
  return sha256(toHex(canonicalJson(body as unknown as Json)));
}

/** Salted hash of the conversation, as in `requestHash`. */
export function requestHash(salt: `0x${string}`, messages: { role: string; content: string }[]): `0x${string}` {
  return sha256(`${salt}${toHex(canonicalJson(messages)).slice(2)}`);
}

/** Salted hash of the answer, as in `outputHash`. */
export function outputHash(salt: `0x${string}`, output: string): `0x${string}` {
  return sha256(`${salt}${toHex(output).slice(2)}`);
}

/** Salted hash of an answer's verbatim matches, as in `attribution.spans.hash`. */
export function spansHash(salt: `0x${string}`, spans: Json): `0x${string}` {
  return sha256(`${salt}${toHex(canonicalJson(spans)).slice(2)}`);
}
