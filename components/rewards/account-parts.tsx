'use client';

import dynamic from 'next/dynamic';

/** What of the rewards page sends transactions; a visitor reads the periods without its code. */
export const ClaimPanel = dynamic(() => import('./claim-panel.tsx').then((part) => part.ClaimPanel), { ssr: false });
export const PendingChange = dynamic(() => import('./pending-change.tsx').then((part) => part.PendingChange), {
  ssr: false,
});
export const RecipientPanel = dynamic(() => import('./recipient-panel.tsx').then((part) => part.RecipientPanel), {
  ssr: false,
});
export const RotationForm = dynamic(() => import('./rotation-form.tsx').then((part) => part.RotationForm), {
  ssr: false,
});
export const ChallengeEpoch = dynamic(
  () => import('#components/challenges/challenge-epoch.tsx').then((part) => part.ChallengeEpoch),
  { ssr: false },
);
