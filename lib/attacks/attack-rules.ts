import type { FitInput } from './attack-engine.ts';
import type { AttackRow } from './types.ts';

export type SandboxCopy = { id: string; copyOf: string; kind: 'same' | 'near' | 'stitched' };

/** The product's rules as the worker hands them in: the same functions that real runs, receipts and periods go through. */
export type AttackRules = {
  /** Which rows are trained on and which are copies; see lib/model-factory/choose-training-set.ts. */
  choose(rows: readonly AttackRow[]): Promise<FitInput & { copies: SandboxCopy[] }>;
  /** The hash that a row has before others know of it. */
  hashOf(row: AttackRow): string;
  /** Whether rows under the noise cut earn nothing. False is what naive influence pay does. */
  hasCut: boolean;
  /**
   * Lower bound of a certificate. Certifying a sandbox adapter would take a hundred trainings, so that it has a usual one; it
   * decides what is paid by name and what through the pool, not who is paid.
   */
  alphaPpm: number;
};
