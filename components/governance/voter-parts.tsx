'use client';

import dynamic from 'next/dynamic';

/** What a voter needs beside what everybody reads; it loads when it is drawn. */
export const ProposeForm = dynamic(() => import('./propose-form.tsx').then((part) => part.ProposeForm));
export const VotingPowerPanel = dynamic(() => import('./voting-power-panel.tsx').then((part) => part.VotingPowerPanel));
