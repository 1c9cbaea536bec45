'use client';

import dynamic from 'next/dynamic';

/** What only an owner or a curator sees of a Datanet's pages. A page loads what it imports, drawn or not; these load when drawn. */
export const RegisterDatanet = dynamic(() => import('./register-datanet.tsx').then((part) => part.RegisterDatanet));
export const RolesPanel = dynamic(() => import('./roles-panel.tsx').then((part) => part.RolesPanel));
export const FreezeVersion = dynamic(() => import('./freeze-version.tsx').then((part) => part.FreezeVersion));
export const AnchorVersion = dynamic(() => import('./anchor-version.tsx').then((part) => part.AnchorVersion));
export const RolesOnChain = dynamic(() => import('./roles-on-chain.tsx').then((part) => part.RolesOnChain));
export const VersionAcceptance = dynamic(() =>
  import('./version-acceptance.tsx').then((part) => part.VersionAcceptance),
);
export const FlagDecision = dynamic(() => import('./review/flag-decision.tsx').then((part) => part.FlagDecision));
