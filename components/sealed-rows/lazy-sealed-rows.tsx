'use client';

import dynamic from 'next/dynamic';

/** Rows that open in the browser: their code loads on the pages of encrypted Datanets alone. */
export const LazySealedRows = dynamic(() => import('./sealed-rows.tsx').then((module) => module.SealedRows), {
  loading: () => <p className="text-sm text-muted">Loading what opens the rows…</p>,
});
