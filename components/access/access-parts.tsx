'use client';

import dynamic from 'next/dynamic';

/** What the owner, a member or who asks sees of the access page; signing and sealing load when they are drawn. */
export const OwnAccess = dynamic(() => import('./own-access.tsx').then((part) => part.OwnAccess));
export const EraPanel = dynamic(() => import('./era-panel.tsx').then((part) => part.EraPanel));
export const DecideRequest = dynamic(() => import('./decide-request.tsx').then((part) => part.DecideRequest));
export const GrantList = dynamic(() => import('./grant-list.tsx').then((part) => part.GrantList));
export const TierForm = dynamic(() => import('./tier-form.tsx').then((part) => part.TierForm));
export const ComputePanel = dynamic(() => import('./compute-panel.tsx').then((part) => part.ComputePanel));
