'use client';

import dynamic from 'next/dynamic';

/** The form that seals rows: its code loads on the pages of encrypted Datanets alone. */
export const LazySealForm = dynamic(() => import('./seal-form.tsx').then((module) => module.SealForm), {
  loading: () => <p className="text-sm text-muted">Loading what seals the rows…</p>,
});
