import { z } from 'zod';
import { defineRoute } from '#app/_server/define-route.ts';
import { listAlarms } from '#lib/platform/alarms/list-alarms.ts';
import { prometheusContentType, renderPrometheus } from '#lib/platform/render-prometheus.ts';
import { fetchServeMetrics } from '#lib/serving/serve-client.ts';

/** The serve process's metrics for Prometheus, and the alarms. With a serve process that is down, `openledger_serve_up 0`. */
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
    const ours = renderPrometheus([
      { name: 'openledger_serve_up', help, type: 'gauge', samples: [{ value }] },
      {
        name: 'openledger_alarms',
        help: 'Alarms that are raised now; page /status says what they are.',
        type: 'gauge',
        samples: [{ value: (await listAlarms(deps.db)).length }],
      },
    ]);
    return new Response(ours + (metrics ?? ''), {
      headers: { 'content-type': prometheusContentType, 'cache-control': 'no-store' },
    });
  },
});
