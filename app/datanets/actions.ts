'use server';

import { defineAction } from '#app/_server/define-action.ts';
import { decideFlag } from '#lib/contributions/decide-flag.ts';
import { improveExample } from '#lib/contributions/improve-example.ts';
import { previewContribution } from '#lib/contributions/preview-contribution.ts';
import { reportExample } from '#lib/contributions/report-example.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import {
  decideFlagSchema,
  improveExampleSchema,
  previewContributionSchema,
  reportExampleSchema,
  reviewExamplesSchema,
  submitContributionSchema,
  withdrawExampleSchema,
} from '#lib/contributions/schema.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { dropUpload } from '#lib/contributions/uploads/drop-upload.ts';
import { uploadIdSchema } from '#lib/contributions/uploads/schema.ts';
import { fetchUrlSource, urlSourceSchema } from '#lib/contributions/url/fetch-url-source.ts';
import { withdrawExample } from '#lib/contributions/withdraw-example.ts';
import { approveVersion } from '#lib/datanets/approve-version.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { requestFreeze } from '#lib/datanets/request-freeze.ts';
import {
  approveVersionSchema,
  createDatanetSchema,
  freezeVersionSchema,
  setDatanetRoleSchema,
} from '#lib/datanets/schema.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import { stopFreeze } from '#lib/datanets/stop-freeze.ts';
import { columnsTag } from './_tags.ts';

export const createDatanetAction = defineAction({
  input: createDatanetSchema,
  auth: 'account',
  limit: { name: 'create-datanet', max: 20, windowSeconds: 3600 },
  run: createDatanet,
});

export const approveVersionAction = defineAction({
  input: approveVersionSchema,
  auth: 'account',
  limit: { name: 'approve-version', max: 30, windowSeconds: 60 },
  run: approveVersion,
});

export const setDatanetRoleAction = defineAction({
  input: setDatanetRoleSchema,
  auth: 'account',
  limit: { name: 'datanet-role', max: 60, windowSeconds: 60 },
  run: setDatanetRole,
});

export const previewContributionAction = defineAction({
  input: previewContributionSchema,
  auth: 'visitor',
  limit: { name: 'preview-contribution', max: 120, windowSeconds: 60 },
  run: previewContribution,
});

/** A file of the public Internet for a draft; the limit is what one person looks up, not what a machine crawls. */
export const fetchUrlAction = defineAction({
  input: urlSourceSchema,
  auth: 'account',
  limit: { name: 'fetch-url', max: 10, windowSeconds: 60 },
  run: fetchUrlSource,
});

export const dropUploadAction = defineAction({
  input: uploadIdSchema,
  auth: 'account',
  limit: { name: 'drop-upload', max: 60, windowSeconds: 60 },
  run: dropUpload,
});

export const submitContributionAction = defineAction({
  input: submitContributionSchema,
  auth: 'account',
  limit: { name: 'submit-contribution', max: 60, windowSeconds: 60 },
  run: submitContribution,
});

export const reviewExamplesAction = defineAction({
  input: reviewExamplesSchema,
  auth: 'account',
  limit: { name: 'review-examples', max: 600, windowSeconds: 60 },
  run: reviewExamples,
  tags: (_, { datanetId }) => [columnsTag(datanetId)],
});

export const withdrawExampleAction = defineAction({
  input: withdrawExampleSchema,
  auth: 'account',
  limit: { name: 'withdraw-example', max: 60, windowSeconds: 60 },
  run: withdrawExample,
  tags: ({ datanetId }) => [columnsTag(datanetId)],
});

export const improveExampleAction = defineAction({
  input: improveExampleSchema,
  auth: 'account',
  limit: { name: 'improve-example', max: 60, windowSeconds: 60 },
  run: improveExample,
});

export const reportExampleAction = defineAction({
  input: reportExampleSchema,
  auth: 'account',
  limit: { name: 'report-example', max: 20, windowSeconds: 60 },
  run: reportExample,
});

export const decideFlagAction = defineAction({
  input: decideFlagSchema,
  auth: 'account',
  limit: { name: 'decide-flag', max: 120, windowSeconds: 60 },
  run: decideFlag,
  tags: ({ datanetId }) => [columnsTag(datanetId)],
});

export const stopFreezeAction = defineAction({
  input: freezeVersionSchema,
  auth: 'account',
  limit: { name: 'stop-freeze', max: 20, windowSeconds: 60 },
  run: stopFreeze,
});

export const freezeVersionAction = defineAction({
  input: freezeVersionSchema,
  auth: 'account',
  limit: { name: 'freeze-version', max: 20, windowSeconds: 60 },
  run: requestFreeze,
});
