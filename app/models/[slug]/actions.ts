'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { requestAudit } from '#lib/audits/request-audit.ts';
import { requestAuditSchema } from '#lib/audits/schema.ts';
import { requestModelExport } from '#lib/model-exports/request-model-export.ts';
import { requestExportSchema } from '#lib/model-exports/schema.ts';
import { saveModelCard } from '#lib/model-factory/cards/save-model-card.ts';
import { chooseModelVersionSchema, saveModelCardSchema } from '#lib/model-factory/schema.ts';
import { chooseModelVersion } from '#lib/model-factory/versions/choose-model-version.ts';
import { buyPass } from '#lib/passes/buy-pass.ts';
import { grantPass } from '#lib/passes/grant-pass.ts';
import { revokePass } from '#lib/passes/revoke-pass.ts';
import { buyPassSchema, grantPassSchema, revokePassSchema, setModelAccessSchema } from '#lib/passes/schema.ts';
import { setModelAccess } from '#lib/passes/set-model-access.ts';

export const requestExportAction = defineAction({
  input: requestExportSchema,
  auth: 'account',
  limit: { name: 'export-model', max: 20, windowSeconds: 3_600 },
  run: requestModelExport,
});

export const chooseVersionAction = defineAction({
  input: chooseModelVersionSchema,
  auth: 'account',
  limit: { name: 'choose-version', max: 30, windowSeconds: 60 },
  run: chooseModelVersion,
});

export const saveCardAction = defineAction({
  input: saveModelCardSchema,
  auth: 'account',
  limit: { name: 'save-card', max: 30, windowSeconds: 60 },
  run: saveModelCard,
});

export const requestAuditAction = defineAction({
  input: requestAuditSchema,
  auth: 'account',
  limit: { name: 'request-audit', max: 20, windowSeconds: 3_600 },
  run: requestAudit,
});

export const setAccessAction = defineAction({
  input: setModelAccessSchema,
  auth: 'account',
  limit: { name: 'set-model-access', max: 30, windowSeconds: 60 },
  run: setModelAccess,
});

export const grantPassAction = defineAction({
  input: grantPassSchema,
  auth: 'account',
  limit: { name: 'grant-pass', max: 60, windowSeconds: 60 },
  run: grantPass,
});

export const revokePassAction = defineAction({
  input: revokePassSchema,
  auth: 'account',
  limit: { name: 'revoke-pass', max: 60, windowSeconds: 60 },
  run: revokePass,
});

export const buyPassAction = defineAction({
  input: buyPassSchema,
  auth: 'account',
  limit: { name: 'buy-pass', max: 20, windowSeconds: 60 },
  run: buyPass,
});
