export type Role = 'system' | 'user' | 'assistant';
export type Message = { role: Role; content: string };

/** A live model, or a private one of the key's owner. Prices in wei a token, as decimal text. */
export type Model = {
  id: string;
  owned_by: string;
  root: string;
  parent: string;
  openledger: { name: string; private: boolean; input_wei_per_token: string; output_wei_per_token: string };
};

export type ChatRequest = {
  model: string;
  /** Id of the open task that this is a call of. */
  task?: string;
  messages: Message[];
  max_tokens?: number;
  temperature?: number;
  top_p?: number;
  seed?: number;
  stop?: string | string[];
  /** Rows of the model's Datanet that it may read before it answers. */
  retrieval?: { rows: number };
  attribution?: 'none' | 'shares' | 'full';
};

/** Who earns from an answer, in parts of a million; the rest is the common pool's. */
export type Attribution = {
  status: 'issued' | 'attributing' | 'not-attributed';
  receipt: string;
  receipt_hash?: string;
  shares?: { account: string; share_ppm: number }[];
  common_ppm?: number;
};

/** The record of an answer. `fee_wei` is there once it is written. */
export type AnswerRecord = {
  inference_id: string;
  receipt_id: string;
  ceiling_wei: string;
  fee_wei?: string;
  attribution?: Attribution;
};

export type Answer = {
  text: string;
  finishReason: 'stop' | 'length';
  promptTokens: number;
  completionTokens: number;
  record: AnswerRecord;
};

export type TrainingFile = { id: string; filename: string; bytes: number; openledger: { rows: number } };

export type JobStatus = 'queued' | 'running' | 'paused' | 'succeeded' | 'failed' | 'cancelled';
export type Job = {
  id: string;
  status: JobStatus;
  model: string;
  fine_tuned_model: string | null;
  error: { code: string; message: string } | null;
  openledger: { run_id: string; run: string; total_steps: number | null };
};
export type JobEvent = { id: string; message: string; type: 'message' | 'metrics'; data: Record<string, unknown> };

/** A file on its way into a Datanet. `rows` counts what became of them so far. */
export type Upload = {
  id: string;
  status: string;
  failure: string | null;
  size_bytes: number;
  received_bytes: number;
  rows: { new: number; duplicate: number; held: number; invalid: number };
  faults: { line: number; fix: string }[];
};
