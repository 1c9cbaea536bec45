'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { requestAudit } from '#lib/audits/request-audit.ts';
import { requestAuditSchema } from '#lib/audits/schema.ts';
import { requestModelExport } from '#lib/model-exports/request-model-export.ts';
import { requestExportSchema } from '#lib/model-exports/schema.ts';
import { saveModelCard } from '#lib/model-factory/cards/save-model-card.ts';
import { chooseModelVersionSchema, saveModelCardSchema } from '#lib/model-factory/schema.ts';
import { chooseModelVersion } from '#lib/model-factory/versions/choose-model-version.ts';

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
