import type { Metadata } from 'next';
import Link from 'next/link';
import { CreateForm } from '#components/datanets/create/create-form.tsx';
import { Page } from '#components/layout/page.tsx';
import { createDatanetAction } from '../actions.ts';

export const metadata: Metadata = { title: 'Create a Datanet' };

/** A new Datanet from a template. */
export default function NewDatanetPage() {
  return (
    <Page
      title="Create a Datanet"
      eyebrow={
        <Link href="/datanets" className="link">
          Datanets
        </Link>
      }
      intro="A subject, a licence and rules that say what belongs in. People contribute rows, curators that you appoint accept them, and models trained on them pay their authors."
    >
      <CreateForm create={createDatanetAction} />
    </Page>
  );
}
