import type { BringOwnRowsInput } from '#lib/contributions/schema.ts';
import type { RowVerdict } from '#lib/contributions/types.ts';
import type { CreateDatanetInput } from '#lib/datanets/schema.ts';
import type { ActionResult } from '#lib/kernel/result.ts';

type Action<Input, Output> = (input: Input) => Promise<ActionResult<Output>>;

/** How far the Datanet is; as lib/datanets/get-own-datanet.ts tells it. */
export type OwnDatanetState = {
  id: string;
  slug: string;
  title: string;
  acceptedRows: number;
  pendingRows: number;
  newest: { id: string; number: number; rowCount: number } | null;
};

/** What the wizard does with a file of one's own; the page passes its server actions. */
export type OwnRowsActions = {
  create: Action<CreateDatanetInput, { id: string; slug: string }>;
  close: Action<{ datanetId: string; tier: 'gated' }, unknown>;
  bring: Action<BringOwnRowsInput, { storedRows: number; acceptedRows: number; verdicts: RowVerdict[] }>;
  look: Action<{ datanetId: string }, OwnDatanetState>;
  freeze: Action<{ datanetId: string }, unknown>;
};
