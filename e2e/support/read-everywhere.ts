import type { Page } from '@playwright/test';
import { watchErrors } from './console-errors.ts';
import { readPage } from './read-page.ts';
import type { Person } from './test.ts';

/** Reads pages (`readPage`) as somebody sees them, two tabs side by side. Returns what is wrong with each, and console errors. */
export async function readEverywhere(
  { context }: Pick<Person, 'context'>,
  paths: readonly string[],
  picture: (page: Page, name: string) => Promise<void>,
): Promise<string[]> {
  const left = [...paths];
  const found = await Promise.all(
    ['one tab', 'another'].map(async () => {
      const page = await context.newPage();
      const problems = watchErrors(page);
      for (let path = left.shift(); path !== undefined; path = left.shift()) {
        const name = path.replaceAll(/[/?=]+/g, '-');
        problems.push(...(await readPage(page, path, (width) => picture(page, `${width}${name}`))));
      }
      await page.close();
      return problems;
    }),
  );
  return found.flat();
}
