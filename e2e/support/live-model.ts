import { type APIRequestContext, expect } from '@playwright/test';

/** Slug of the sample model, which a new installation trains at its first start: of all live models the oldest. Waits for it. */
export async function liveModel(request: APIRequestContext): Promise<string> {
  let slug = '';
  await expect(async () => {
    const { data } = await (await request.get('/api/v1/models')).json();
    expect(data.length).toBeGreaterThan(0);
    slug = data.at(-1).id;
  }).toPass({ timeout: 240_000, intervals: [2_000] });
  return slug;
}
