'use client';

import { clearLaunchKey, launchKey } from '#components/model-factory/launch-key.ts';
import { useTrainingPayment } from '#components/model-factory/use-training-payment.ts';
import { Button } from '#components/ui/button.tsx';
import type { PassPrice } from '#lib/passes/types.ts';
import type { AccessActions } from './access-types.ts';
import { amountText } from './pass-words.ts';
import { SaidLine } from './said-line.tsx';
import { useAccessAction } from './use-access-action.ts';

type Props = { model: string; price: PassPrice } & Pick<AccessActions, 'buy' | 'registerVoucher'>;

/** Buys one pass at the price that is shown. Pressed again after a lost answer, also after a reload, it is the same purchase. */
export function BuyPass({ model, price, buy, registerVoucher }: Props) {
  const pay = useTrainingPayment(registerVoucher);
  const { busy, said, run } = useAccessAction();
  const press = async () => {
    const input = { model, kind: price.kind, amount: price.amount, priceWei: price.priceWei.toString() };
    const call = () => pay(() => buy({ ...input, idempotencyKey: launchKey(input, 'passes.buy') }));
    const done = `Bought: ${amountText(price)}.`;
    if (await run(call, done, 'The server did not answer. Press again; one pass is never paid twice.'))
      clearLaunchKey('passes.buy');
  };
  return (
    <>
      <Button busy={busy} onClick={press}>
        Buy {amountText(price)}
      </Button>
      <SaidLine said={said} />
    </>
  );
}
