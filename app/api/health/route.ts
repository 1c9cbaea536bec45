import { checkHealth } from '#app/_server/check-health.ts';
import { jsonResponse } from '#app/_server/json-response.ts';

export const dynamic = 'force-dynamic';

/** Every part one by one; 503 when one is down. No session, no limit: this is what watchers call. */
export async function GET(): Promise<Response> {
  const report = await checkHealth();
  return jsonResponse(report, { status: report.status === 'up' ? 200 : 503 });
}
