'use client';

import dynamic from 'next/dynamic';

/** What the owner, a member or who asks sees of the access page; signing and sealing load when they are drawn. */
export const OwnAccess = dynamic(() => import('./own-access.tsx').then((part) => part.OwnAccess), { ssr: false });
export const EraPanel = dynamic(() => import('./era-panel.tsx').then((part) => part.EraPanel), { ssr: false });
export const DecideRequest = dynamic(() => import('./decide-request.tsx').then((part) => part.DecideRequest), {
  ssr: false,
});
export const GrantList = dynamic(() => import('./grant-list.tsx').then((part) => part.GrantList), { ssr: false });
export const TierForm = dynamic(() => import('./tier-form.tsx').then((part) => part.TierForm), { ssr: false });
export const ComputePanel = dynamic(() => import('./compute-panel.tsx').then((part) => part.ComputePanel), {
  ssr: false,
});
