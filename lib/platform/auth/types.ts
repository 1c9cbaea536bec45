import type { ApiKeyScope } from '#db/schema/auth.ts';

export type { ApiKeyScope };

/** A sign-in that is still good. `address` lower-case. */
export type Session = { address: `0x${string}`; expiresAt: Date };

/** An API key as its owner sees it; the key itself is shown once, at creation, and stored only as SHA-256. */
export type ApiKey = {
  id: string;
  owner: `0x${string}`;
  name: string;
  /** First characters of the key, to know it again. */
  prefix: string;
  budgetWei: bigint;
  spentWei: bigint;
  scopes: ApiKeyScope[];
  createdAt: Date;
  /** When it stops by itself; null: when it is revoked. */
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
};
