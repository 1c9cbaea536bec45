import type { Page } from '@playwright/test';
import { watchErrors } from './console-errors.ts';
import { readPage } from './read-page.ts';
import type { Person } from './test.ts';

/**
 * Reads pages as somebody who is signed in sees them: at three widths, one tab for each, axe in both themes (the middle width in one).
 * Returns what is wrong with each, and console errors.
 */
export async function readEverywhere(
  { context }: Pick<Person, 'context'>,
  paths: readonly string[],
  picture: (page: Page, name: string) => Promise<void>,
): Promise<string[]> {
  const found = await Promise.all(
    [320, 768, 1440].map(async (width) => {
      const page = await context.newPage();
      const problems = watchErrors(page);
      for (const path of paths) {
        const onLight = () => picture(page, `${width}${path.replaceAll(/[/?=]+/g, '-')}`);
        problems.push(...(await readPage(page, path, width, width === 768 ? { both: false } : { onLight })));
      }
      await page.close();
      return problems;
    }),
  );
  return found.flat();
}
