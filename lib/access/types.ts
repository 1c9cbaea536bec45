import type { AccessDecision, AccessTier } from '#db/schema/access.ts';

type Address = `0x${string}`;

export type { AccessDecision };

/**
 * Who may read the rows of a Datanet.
 * public: everybody · gated: owner, curators and members · encrypted: members' browsers, the server never has the text ·
 * compute: owner and curators; everybody else gets only what an approved training lets out.
 */
export type Tier = 'public' | AccessTier;
export const privateTiers = ['gated', 'encrypted', 'compute'] as const satisfies readonly AccessTier[];

/** What somebody is to a private Datanet; the most that they are. */
export type AccessPart = 'owner' | 'curator' | 'member' | 'none';

/** What somebody may do with the rows of a Datanet. */
export type ReadAccess = {
  tier: Tier;
  part: AccessPart;
  /** Texts of rows. In an encrypted Datanet: their ciphertexts, which only a member's key opens. */
  mayRead: boolean;
  mayContribute: boolean;
  /** When a member's grant ends. */
  until: Date | null;
};

export type AccessRequestView = {
  id: string;
  account: Address;
  purpose: string;
  /** Raw P-256 point, hex; 0x where the Datanet is not encrypted. */
  publicKey: Address;
  signature: Address;
  signedAt: Date;
  createdAt: Date;
  decision: { decision: AccessDecision; by: Address; at: Date; reason: string | null } | null;
};

export type AccessGrantView = {
  id: string;
  grantee: Address;
  purpose: string;
  grantedBy: Address;
  createdAt: Date;
  expiresAt: Date;
  revoked: { by: Address; at: Date; reason: string | null } | null;
};
