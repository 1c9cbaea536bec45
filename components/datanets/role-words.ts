import type { ImprovementRole } from '#lib/contributions/types.ts';
import type { LineageRole } from '#lib/kernel/role-shares.ts';

/** What somebody did for a row, as it stands after their name. */
export const roleWords: Record<LineageRole, string> = {
  collect: 'contributed it',
  clean: 'cleaned it',
  translate: 'translated it',
  label: 'corrected the answer',
  review: 'reviewed it',
  feedback: 'reported the fault',
};

/** What a better version of a row is called. */
export const improvementWords: Record<ImprovementRole, string> = {
  clean: 'cleaned version',
  label: 'version with a corrected answer',
  translate: 'translation',
};
