'use client';

import dynamic from 'next/dynamic';

/** What only an owner or a curator sees of a Datanet's pages. A page loads what it imports, drawn or not; these load when drawn. */
export const RegisterDatanet = dynamic(() => import('./register-datanet.tsx').then((part) => part.RegisterDatanet), {
  ssr: false,
});
export const RolesPanel = dynamic(() => import('./roles-panel.tsx').then((part) => part.RolesPanel), { ssr: false });
export const FreezeVersion = dynamic(() => import('./freeze-version.tsx').then((part) => part.FreezeVersion), {
  ssr: false,
});
export const AnchorVersion = dynamic(() => import('./anchor-version.tsx').then((part) => part.AnchorVersion), {
  ssr: false,
});
export const RolesOnChain = dynamic(() => import('./roles-on-chain.tsx').then((part) => part.RolesOnChain), {
  ssr: false,
});
export const QuorumOnChain = dynamic(() => import('./quorum-on-chain.tsx').then((part) => part.QuorumOnChain), {
  ssr: false,
});
export const VersionAcceptance = dynamic(
  () => import('./version-acceptance.tsx').then((part) => part.VersionAcceptance),
  { ssr: false },
);
export const FlagDecision = dynamic(() => import('./review/flag-decision.tsx').then((part) => part.FlagDecision), {
  ssr: false,
});
