import type { EarningRole } from '#lib/rewards/types.ts';

/** What an account was paid for, in words; one word for one thing on every page. */
export const earningRoleNames: Record<EarningRole, string> = {
  data: 'data',
  common: 'data, common pool',
  model: 'model owner',
  royalty: 'base model',
  app: 'app',
  infra: 'serving',
  validators: 'curator',
  stakers: 'stakers of the Datanet',
};
