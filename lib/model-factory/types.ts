import type { RunStatus } from '#db/schema/models.ts';

/** A base model as the wizard offers it. */
export type BaseModelInfo = {
  name: string;
  parameters: number;
  contextTokens: number;
  license: string;
  architecture: string;
};

/** What training said, as stored; `seq` orders it and is the SSE event id. */
export type RunEvent = { seq: number; type: string; data: Record<string, unknown>; at: string };

export type RunSummary = {
  id: string;
  name: string;
  owner: `0x${string}`;
  status: RunStatus;
  baseModel: string;
  preset: string;
  datanet: { id: string; slug: string; title: string };
  version: { id: string; number: number; rowCount: number };
  totalSteps: number | null;
  step: number;
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  adapterId: string | null;
  evalLoss: number | null;
  baseEvalLoss: number | null;
  modelSlug: string | null;
};
