import Link from 'next/link';
import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import type { ChargeReceipt } from '#lib/kernel/charge-receipt.ts';
import type { PassReceipt } from '#lib/kernel/pass-receipt.ts';
import type { TrainingReceipt } from '#lib/kernel/training-receipt.ts';
import { PassReceiptWords } from './pass-receipt-words.tsx';
import { TrainingWords } from './training-words.tsx';

/** What the page of a charge's receipt says of its kind; everything else is alike for all. */
export type ChargeParts = {
  title: string;
  words: ReactNode;
  facts: readonly (readonly [string, ReactNode])[];
  /** Hashes that the receipt commits to. */
  hashes: readonly (readonly [string, string])[];
};

/** The parts of a receipt by its kind. */
export function chargeParts(body: ChargeReceipt, datanetSlug: string): ChargeParts {
  switch (body.kind) {
    case 'training':
      return trainingParts(body, datanetSlug);
    case 'pass':
      return passParts(body, datanetSlug);
  }
}

function trainingParts(body: TrainingReceipt, datanetSlug: string): ChargeParts {
  return {
    title: 'Receipt for a training',
    words: <TrainingWords body={body} datanetSlug={datanetSlug} />,
    facts: [
      ['Receipt', <Hash key="id" value={body.id} what="receipt id" />],
      [
        'Run',
        <Link key="run" className="link figures" href={`/runs/${body.runId}`}>
          {body.runId.slice(-8)}
        </Link>,
      ],
      ['Paid by', <Address key="payer" address={body.payer} />],
      ['Base model', body.baseModel],
      ['Tokens', <span key="t" className="figures">{`${body.tokens.trained}, ${body.tokens.free} free`}</span>],
      ['Fee', <Amount key="fee" wei={BigInt(body.feeWei)} digits={6} />],
      ['Signed by', <Address key="gateway" address={body.gateway} />],
    ],
    hashes: [
      ['Datanet version root', body.datanet.root],
      ['Payment channel', body.channelId],
    ],
  };
}

function passParts(body: PassReceipt, datanetSlug: string): ChargeParts {
  return {
    title: 'Receipt for an access pass',
    words: <PassReceiptWords body={body} datanetSlug={datanetSlug} />,
    facts: [
      ['Receipt', <Hash key="id" value={body.id} what="receipt id" />],
      [
        'Model',
        <Link key="model" className="link" href={`/models/${body.model.name}`}>
          {body.model.name}
        </Link>,
      ],
      ['Paid by', <Address key="payer" address={body.payer} />],
      ['Price', <Amount key="fee" wei={BigInt(body.feeWei)} digits={6} />],
      ['Signed by', <Address key="gateway" address={body.gateway} />],
    ],
    hashes: [
      ['Datanet version root', body.datanet.root],
      ['Payment channel', body.channelId],
    ],
  };
}
