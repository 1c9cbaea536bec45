import { expect } from '@playwright/test';
import { scriptWeight } from '#scripts/bench/script-weight.ts';
import { liveModel } from './support/live-model.ts';
import { test } from './support/test.ts';

const datanet = '/datanets/threat-intelligence';

/** kB of JavaScript, gzip, that a page may load by itself (product.md §2.3, P5 and P6). React and Next are 130 of it. */
const browseMost = 170;
const walletMost = 215;

const browsePages = [
  '/',
  '/datanets',
  datanet,
  `${datanet}?tab=contributors`,
  `${datanet}?tab=versions`,
  `${datanet}?tab=models`,
  `${datanet}?tab=earnings`,
  `${datanet}?tab=discussion`,
  `${datanet}/compare`,
  `${datanet}/review`,
  `${datanet}/access`,
  `${datanet}/sql`,
  '/models',
  '/explorer',
  '/explorer?kind=events',
  '/status',
  '/gaming',
  '/rewards',
  '/staking',
  '/governance',
  '/openlora',
];
const walletPages = [`${datanet}/contribute`, '/datanets/new', '/models/new', '/playground', '/keys', '/transactions'];

test('pages load little script, and none that only wallets need', async ({ request, baseURL }) => {
  const model = `/models/${await liveModel(request)}`;
  const [row] = /\/datanets\/[a-z-]+\?row=(ex_\w+)/.exec(await (await request.get(datanet)).text()) ?? [];
  const [receipt] = /\/receipts\/rcp_\w+/.exec(await (await request.get('/explorer?kind=answers')).text()) ?? [];
  expect(row, 'a row to open').toBeDefined();
  const found = [row!.replace('?row=', '/rows/'), ...(receipt ? [receipt] : [])];
  const problems: string[] = [];
  const look = async (path: string, most: number) => {
    const { gzipBytes, walletScripts } = await scriptWeight(baseURL!, path);
    console.log(`${(gzipBytes / 1000).toFixed(1).padStart(6)} kB  ${path}`);
    if (gzipBytes > most * 1000)
      problems.push(`${path} loads ${(gzipBytes / 1000).toFixed(1)} kB, ${most} are allowed`);
    for (const { source, mark } of walletScripts) problems.push(`${path} loads ${source} with ${mark}`);
  };
  for (const path of [...browsePages, model, ...found]) await look(path, browseMost);
  for (const path of walletPages) await look(path, walletMost);
  expect(problems).toEqual([]);
});
