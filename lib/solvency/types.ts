/** A contract that holds OPEN, at one block. Wei. */
export type Reconciliation = {
  /** Name in the deployment, e.g. `attributionLedger`. */
  contract: string;
  heldWei: bigint;
  /** What its own events say came in less what went out. More may be held: anybody can send tokens. */
  owedWei: bigint;
  blockNumber: number;
  checkedAt: Date;
};

/** Since when a contract holds less than it owes. As long as there is one, this gateway offers no claim. */
export type Shortage = { contract: string; since: Date };
