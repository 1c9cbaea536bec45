type Address = `0x${string}`;

/** What a pass is for: time, or a number of answers. */
export type PassKind = 'days' | 'answers';
/** One kind of pass that is sold: so many days or answers for so many wei. */
export type PassPrice = { kind: PassKind; amount: number; priceWei: bigint };
/** Who may ask a model (`holders`: of a pass), and which passes are sold. */
export type PassOffer = { access: 'everybody' | 'holders'; prices: PassPrice[] };

/** A pass as its holder and the model's owner see it. `until` is ISO 8601; exactly one of it and `answersLeft` is not null. */
export type Pass = {
  id: string;
  holder: Address;
  source: 'granted' | 'bought';
  state: 'usable' | 'expired' | 'used_up' | 'revoked';
  until: string | null;
  answers: number | null;
  answersLeft: number | null;
  priceWei: bigint;
  receiptId: string | null;
  createdAt: string;
};

/** A model's access as one account sees it; `passes`: its own, for the model's owner all, newest first. */
export type ModelAccess = {
  /** The name that the passes are for, whichever of its versions answers. */
  name: string;
  offer: PassOffer;
  isOwner: boolean;
  /** Whether this account, or a visitor, would be let ask now. */
  mayAsk: boolean;
  passes: Pass[];
};
