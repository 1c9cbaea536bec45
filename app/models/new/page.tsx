import type { Metadata } from 'next';
import Link from 'next/link';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { registerVoucher } from '#app/keys/actions.ts';
import { Page } from '#components/layout/page.tsx';
import { WizardView } from '#components/model-factory/wizard.tsx';
import { listBaseModels } from '#lib/model-factory/list-base-models.ts';
import { listTrainableVersions } from '#lib/model-factory/queries.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { minTrainableRows } from '#lib/model-factory/rules.ts';
import {
  bringOwnRowsAction,
  closeOwnDatanetAction,
  createOwnDatanetAction,
  estimateRunAction,
  freezeOwnDatanetAction,
  getOwnDatanetAction,
  startRunAction,
} from './actions.ts';

export const metadata: Metadata = { title: 'Train a model' };

/** ModelFactory's wizard. Readable without a wallet; signing in is asked for at the launch. */
export default async function NewModelPage() {
  const deps = buildDeps();
  const [bases, versions] = await Promise.all([listBaseModels(deps), listTrainableVersions(deps.db, await getActor())]);
  return (
    <Page title="Train a model" eyebrow={<Link href="/models">Models</Link>}>
      <WizardView
        options={{
          bases: bases.offered,
          refused: bases.refused,
          versions,
          presets: recipePresets,
          minRows: minTrainableRows,
          memoryFreeBytes: process.availableMemory(),
        }}
        estimate={estimateRunAction}
        start={startRunAction}
        registerVoucher={registerVoucher}
        own={{
          create: createOwnDatanetAction,
          close: closeOwnDatanetAction,
          bring: bringOwnRowsAction,
          look: getOwnDatanetAction,
          freeze: freezeOwnDatanetAction,
        }}
      />
    </Page>
  );
}
