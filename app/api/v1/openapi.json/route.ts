import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { openApiDocument } from '#app/_server/openapi-document.ts';
import { endpoints } from './_endpoints.ts';

/** This API as OpenAPI 3.1. */
export const GET = defineRoute({
  input: z.object({}),
  auth: 'visitor',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps }) => openApiDocument(deps.env.APP_URL.replace(/\/$/, ''), endpoints),
});
