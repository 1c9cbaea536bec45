import type { Deps } from '#lib/platform/deps.ts';

export type SettlementDeps = Pick<
  Deps,
  'db' | 'chain' | 'operator' | 'deployment' | 'store' | 'log' | 'now' | 'randomBytes'
> & {
  /** Called after each durable step, with its name; a test that throws here is a process that dies there. */
  onStep?: (step: string) => void | Promise<void>;
};
