'use client';

import dynamic from 'next/dynamic';

/** For the owner alone, so it is loaded with the page of nobody else. */
export const CardEditor = dynamic(() => import('./card-editor.tsx').then((module) => module.CardEditor), {
  ssr: false,
});
