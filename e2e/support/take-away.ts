import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type APIRequestContext, expect, type Page } from '@playwright/test';
import { type Runtime, readRuntime } from './place.ts';

/** Has the GGUF files of the owner's model made on its open page and checks that they come, and to the owner alone. */
export async function takeGguf(page: Page, slug: string, stranger: APIRequestContext): Promise<void> {
  const entry = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'GGUF' }) });
  await entry.getByRole('button', { name: 'Make the files' }).click();
  for (const name of ['base.gguf', 'adapter.gguf']) {
    const link = entry.getByRole('link', { name });
    await expect(link).toBeVisible({ timeout: 60_000 });
    const path = (await link.getAttribute('href'))!;
    const mine = await page.request.get(path);
    expect((await mine.body()).subarray(0, 4).toString('latin1')).toBe('GGUF');
    expect((await stranger.get(path)).status()).toBe(401);
  }
  expect(page.url()).toContain(slug);
}

/** Trains a run of the installation under test again, as anybody with its rows can, and returns what was printed. */
export async function reproduce(runId: string, runtime: Runtime = readRuntime()): Promise<string> {
  const env = { ...process.env, ...runtime, CHAIN_ID: String(runtime.CHAIN_ID) };
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/reproduce.ts', runId], { env });
  return stdout;
}
