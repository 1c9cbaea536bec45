'use client';

import dynamic from 'next/dynamic';

// What a voter needs beside what everybody reads; it loads when it is drawn, and is drawn by the browser alone: a form that the
// server had drawn would take words before its code is there, and forget them.
export const ProposeForm = dynamic(() => import('./propose-form.tsx').then((part) => part.ProposeForm), { ssr: false });
export const VotingPowerPanel = dynamic(
  () => import('./voting-power-panel.tsx').then((part) => part.VotingPowerPanel),
  { ssr: false },
);
