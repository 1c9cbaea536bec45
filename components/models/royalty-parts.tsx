'use client';

import dynamic from 'next/dynamic';

/** For the owner alone, so it is loaded with the page of nobody else. */
export const RoyaltyForm = dynamic(() => import('./royalty-form.tsx').then((module) => module.RoyaltyForm), {
  ssr: false,
});
