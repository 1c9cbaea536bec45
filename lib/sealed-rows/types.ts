import type { ExampleStatus } from '#db/schema/datanets.ts';

type Hex = `0x${string}`;

/** A row of an encrypted Datanet as the server has it; `wrappedKey` is null once it is shredded, and then nobody opens it. */
export type SealedRowView = {
  id: string;
  contributor: Hex;
  status: ExampleStatus;
  reason: string | null;
  createdAt: Date;
  era: number;
  fingerprint: Hex;
  ciphertext: Hex;
  wrappedKey: Hex | null;
};

/** What a member's browser opens the rows with: the data keys wrapped for its key pair. */
export type SealedKeys = {
  datanetId: string;
  account: Hex;
  wraps: { era: number; wrapped: Hex }[];
  /** The newest era; 0 before the owner has made the first key. */
  era: number;
};

/** A member for whom the owner's browser wraps a key. The signature ties the public key to the account (lib/kernel/access-typed-data.ts). */
export type KeyHolder = {
  account: Hex;
  publicKey: Hex;
  request: { purpose: string; signedAt: number; signature: Hex };
};
