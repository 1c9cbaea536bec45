'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { requestAudit } from '#lib/audits/request-audit.ts';
import { requestAuditSchema } from '#lib/audits/schema.ts';
import { requestModelExport } from '#lib/model-exports/request-model-export.ts';
import { requestExportSchema } from '#lib/model-exports/schema.ts';

export const requestExportAction = defineAction({
  input: requestExportSchema,
  auth: 'account',
  limit: { name: 'export-model', max: 20, windowSeconds: 3_600 },
  run: requestModelExport,
});

export const requestAuditAction = defineAction({
  input: requestAuditSchema,
  auth: 'account',
  limit: { name: 'request-audit', max: 20, windowSeconds: 3_600 },
  run: requestAudit,
});
