import Link from 'next/link';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { CanaryRoute, CanarySide } from '#lib/serving/types.ts';
import { CanaryForm, type SetCanary } from './canary-form.tsx';

/** Which models let another one answer a part of their questions, and how both have done since. */
export function CanaryList({
  routes,
  you,
  set,
}: {
  routes: readonly CanaryRoute[];
  you: string | null;
  set: SetCanary;
}) {
  return (
    <Table label="Canaries">
      <thead>
        <tr>
          <Th>Questions to</Th>
          <Th>Answered by</Th>
          <Th numeric>Part</Th>
          <Th numeric>Answers since</Th>
          <Th numeric>Failed since</Th>
          <Th>Set</Th>
          {you && <Th>Change</Th>}
        </tr>
      </thead>
      <tbody>
        {routes.map((route) => (
          <Tr key={route.model.slug} className="align-top">
            <Td className="py-2">
              <Side side={route.model} />
            </Td>
            <Td className="py-2">
              <Side side={route.canary} />
            </Td>
            <Td numeric className="py-2">
              {route.percent === 0 ? 'none, taken back' : `${route.percent} %`}
            </Td>
            <Td numeric className="py-2">
              {route.model.done} and {route.canary.done}
            </Td>
            <Td numeric className="py-2">
              {route.model.failed} and {route.canary.failed}
            </Td>
            <Td className="py-2">
              <TimeAgo at={route.setAt} />
              {route.percentBefore !== null && (
                <span className="block text-xs text-muted">{route.percentBefore} % before</span>
              )}
              {route.stoppedWhy && (
                <span className="block max-w-64 text-bad text-xs">Stopped by itself: {route.stoppedWhy}</span>
              )}
            </Td>
            {you && <Td className="py-2">{you === route.owner && <Changes route={route} set={set} />}</Td>}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function Side({ side }: { side: CanarySide }) {
  return (
    <Link href={`/models/${side.slug}`} className="link">
      {side.name}
    </Link>
  );
}

function Changes({ route, set }: { route: CanaryRoute; set: SetCanary }) {
  const { model, canary, percent } = route;
  return <CanaryForm model={model} candidates={[canary]} percent={percent} set={set} />;
}
