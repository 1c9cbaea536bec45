import type { Metadata } from 'next';
import Link from 'next/link';
import { readParams, type SearchParams } from '#app/datanets/_href.ts';
import { GoalForm } from '#components/bounties/goal-form.tsx';
import { Page } from '#components/layout/page.tsx';
import { findWish, listDatanetNames } from '../_data.ts';
import { writeGoalAction } from '../actions.ts';

export const metadata: Metadata = { title: 'Write a goal' };

/** A goal in words, empty or begun from one of the reader's own questions or trainings. */
export default async function NewBountyPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await readParams(searchParams);
  const [wish, datanets] = await Promise.all([findWish(params.from), listDatanetNames()]);
  const start = {
    kind: params.kind === 'run' ? ('run' as const) : ('data' as const),
    datanet: wish?.datanet.slug ?? params.datanet?.slice(0, 80) ?? '',
    title: wish?.title ?? '',
    goal: wish ? `Rows that answer: ${wish.title}` : '',
    source: wish?.source ?? null,
  };
  return (
    <Page
      title="Write a goal"
      eyebrow={
        <Link href="/bounties" className="link">
          Data wanted
        </Link>
      }
      intro="First the words, which cost nothing and can be read by everybody. Then, on the next page, terms and money by your wallet."
    >
      <GoalForm start={start} datanets={datanets} write={writeGoalAction} />
    </Page>
  );
}
