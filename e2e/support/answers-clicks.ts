import type { Page } from '@playwright/test';

/**
 * Makes `goto` and `reload` of a page wait until it answers to clicks. A page is drawn before its script has run; on a busy machine
 * a person is still reading then, while a journey has clicked already, and that click is lost.
 */
export function answersClicks(page: Page): Page {
  const [goto, reload] = [page.goto.bind(page), page.reload.bind(page)];
  page.goto = async (...args) => thenTakenOver(page, await goto(...args));
  page.reload = async (...args) => thenTakenOver(page, await reload(...args));
  return page;
}

async function thenTakenOver<T>(page: Page, response: T): Promise<T> {
  await page.waitForFunction(() => {
    const main = document.querySelector('main'); // absent where a file was opened
    return !main || Object.keys(main).some((key) => key.startsWith('__reactFiber$'));
  });
  return response;
}
