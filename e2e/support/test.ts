import { type BrowserContext, test as base, type Page } from '@playwright/test';
import { answersClicks } from './answers-clicks.ts';
import { devnetPerson } from './people.ts';
import { readRuntime } from './place.ts';
import { installWallet, type TestWallet } from './wallet.ts';

/** Somebody with a browser and a wallet of their own. */
export type Person = { page: Page; context: BrowserContext; wallet: TestWallet; address: `0x${string}` };

/** Playwright's test with people: `await person(20)` is devnet account 20 in a browser of its own. */
export const test = base.extend<{ person: (index: number) => Promise<Person> }>({
  page: ({ page }, use) => use(answersClicks(page)),
  person: async ({ browser, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (index) => {
      const { RPC_URL: rpcUrl, CHAIN_ID: chainId } = readRuntime();
      const context = await browser.newContext({
        ...(baseURL && { baseURL }),
        viewport: { width: 1280, height: 900 },
        reducedMotion: 'reduce',
      });
      contexts.push(context);
      const account = devnetPerson(index);
      const wallet = await installWallet(context, { account, rpcUrl, chainId });
      return { page: answersClicks(await context.newPage()), context, wallet, address: account.address };
    });
    for (const context of contexts) await context.close();
  },
});
