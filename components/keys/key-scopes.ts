import type { ApiKeyScope } from '#lib/platform/auth/types.ts';

/** What each scope lets a key do, in the words of the page. */
export const scopeWords: Record<ApiKeyScope, { label: string; hint: string }> = {
  ask: { label: 'Ask models', hint: 'Answers are paid from your deposit, up to the budget.' },
  train: { label: 'Send files and train', hint: 'Reads and deletes your training files, starts and ends jobs.' },
  data: { label: 'Change Datanets', hint: 'Contributes, imports and improves rows for your account.' },
};
