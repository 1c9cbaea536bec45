'use client';

import dynamic from 'next/dynamic';

/** For the model's owner, holders and buyers, so they are loaded with the page of nobody else. */
export const AccessForm = dynamic(() => import('./access-form.tsx').then((module) => module.AccessForm), {
  ssr: false,
});
export const GrantPassForm = dynamic(() => import('./grant-pass-form.tsx').then((module) => module.GrantPassForm), {
  ssr: false,
});
export const BuyPass = dynamic(() => import('./buy-pass.tsx').then((module) => module.BuyPass), { ssr: false });
export const PassTable = dynamic(() => import('./pass-table.tsx').then((module) => module.PassTable), { ssr: false });
