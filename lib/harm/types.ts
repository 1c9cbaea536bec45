import type { HarmDecision, HarmFlagKind } from '#db/schema/lineage.ts';

export type { HarmDecision, HarmFlagKind };

type Address = `0x${string}`;
type Message = { role: 'system' | 'user' | 'assistant'; content: string };

/** An answer that rows are held against; `group` stands for whoever wrote it. */
export type Probe = { row: { id: string; messages: Message[] }; group: number };

/** What one trained row did to the probes of other people, as the engine says it: nats x 2^32. */
export type RowEffect = {
  exampleId: string;
  net: bigint;
  /** The probe that the row lowers most, and by how much. */
  worstProbe: string | null;
  worst: bigint;
  /** Gradient norm of the row at the end of training; null for indexes from before it was kept. */
  gradientNorm: number | null;
};

/**
 * The engine as the worker hands it to `measureHarm` (worker/jobs/measure-harm.ts). Null: this adapter can never be measured
 * here, e.g. because only GPU servers have its base.
 */
export type HarmEngine = (input: {
  adapterId: string;
  probes: Probe[];
  /** Row id to group; rows do not count for or against probes of their own group. */
  groupOf: Record<string, number>;
  signal: AbortSignal;
}) => Promise<RowEffect[] | null>;

/** Evidence that a contributor's rows work against other people's in two measurements running. Scores as decimal text. */
export type ProbesEvidence = {
  kind: 'probes';
  probes: number;
  rows: number;
  net: string;
  median: string;
  mad: string;
  previous: { adapterId: string; net: string; median: string; mad: string };
  /** The rows that speak loudest, lowest first. */
  worst: { exampleId: string; net: string; worstProbe: string | null; worst: string }[];
};

/**
 * Evidence that a row contradicts an older one. `lowered`: its effect on that answer, when that is the one that it lowers most of
 * `probes` trained answers; else null. Its gradient norm at the end of training, and the middle row's, in thousandths.
 */
export type ConflictEvidence = {
  kind: 'conflict';
  olderId: string;
  probes: number;
  lowered: string | null;
  norm: { own: number; middle: number } | null;
};

/** What a person wrote about a row. */
export type ReportEvidence = { kind: 'report'; text: string };
export type HarmEvidence = ProbesEvidence | ConflictEvidence | ReportEvidence;

/** A row of a flag with what paid answers say about it. */
export type FlaggedRow = {
  exampleId: string;
  /** Null when its author has withdrawn it. */
  data: Record<string, string> | null;
  status: string;
  withdrawn: boolean;
  /** Answers that it pushed away, and answers that it has credit for. */
  harmed: number;
  credited: number;
};

export type HarmFlag = {
  id: string;
  datanetSlug: string;
  contributor: Address;
  adapterId: string | null;
  reportedBy: Address | null;
  evidence: HarmEvidence;
  rows: FlaggedRow[];
  createdAt: Date;
  decision: { decision: HarmDecision; by: Address; at: Date; reason: string } | null;
};

/** One measurement of an adapter; 0 probes: too few rows to tell, or its base is not on this machine. */
export type HarmMeasurement = {
  adapterId: string;
  probes: number;
  rows: number;
  contributors: number;
  measuredAt: Date;
};
