/** One thing that a receipt claims, recomputed. */
export type ReceiptStep = {
  /** Stable, for programs; `name` is for people. */
  id:
    | ('schema' | 'hash' | 'signature' | 'fee' | 'split')
    | ('certificate' | 'cut' | 'sums' | 'retrieval' | 'explained' | 'rows' | 'roles' | 'shares' | 'total');
  name: string;
  ok: boolean;
  detail: string;
};
