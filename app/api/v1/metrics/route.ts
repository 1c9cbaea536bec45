import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { prometheusContentType, renderPrometheus } from '#lib/platform/render-prometheus.ts';
import { fetchServeMetrics } from '#lib/serving/serve-client.ts';

/** The serve process's metrics for Prometheus. With a serve process that is down, `openledger_serve_up 0` alone. */
export const GET = defineRoute({
  input: z.object({}),
  auth: 'operator',
  limit: { name: 'metrics', max: 600, windowSeconds: 60 },
  run: async ({ deps }) => {
    const metrics = await fetchServeMetrics(deps).catch((err: unknown) => {
      deps.log.warn({ err }, 'the serve process told no metrics');
      return null;
    });
    const value = metrics === null ? 0 : 1;
    const help = 'Whether the serve process answers.';
    const up = renderPrometheus([{ name: 'openledger_serve_up', help, type: 'gauge', samples: [{ value }] }]);
    return new Response(up + (metrics ?? ''), {
      headers: { 'content-type': prometheusContentType, 'cache-control': 'no-store' },
    });
  },
});
