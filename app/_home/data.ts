import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { loadProtocolFeeBps } from '#app/_server/protocol-fee.ts';
import { getTotals } from '#lib/explorer/get-totals.ts';
import { listAnswers } from '#lib/explorer/list-answers.ts';
import { listPlaygroundModels } from '#lib/serving/playground-models.ts';

const ledgerRows = 8;

/** What the home page shows: models to ask, the newest answers, the totals. */
export async function loadHome() {
  const { db, env, now } = buildDeps();
  const [models, ledger, totals, protocolFeeBps] = await Promise.all([
    listPlaygroundModels(db, 12),
    listAnswers(db, {}, { limit: ledgerRows }),
    getTotals(db, now()),
    loadProtocolFeeBps(),
  ]);
  return {
    models: models.filter(({ mayAsk }) => mayAsk), // the home page asks at once
    ledger: ledger.items,
    totals,
    protocolFeeBps,
    freePerDay: env.FREE_ANSWERS_PER_DAY,
  };
}
