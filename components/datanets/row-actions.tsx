'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { RowData } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import type { ImproveAction } from './improve-form.tsx';
import type { ReportAction } from './report-form.tsx';

const ImproveForm = dynamic(() => import('./improve-form.tsx').then((part) => part.ImproveForm));
const ReportForm = dynamic(() => import('./report-form.tsx').then((part) => part.ReportForm));

/** What anybody may do about an accepted row: propose a better one, or say what is wrong. */
export function RowActions({
  exampleId,
  data,
  fields,
  own,
  improve,
  report,
}: {
  exampleId: string;
  data: RowData;
  fields: readonly DatanetField[];
  own: boolean;
  improve: ImproveAction;
  report: ReportAction;
}) {
  const [open, setOpen] = useState<'improve' | 'report' | null>(null);
  const close = () => setOpen(null);
  return (
    <div className="flex flex-wrap gap-2 *:[form]:w-full">
      {open === 'improve' && (
        <ImproveForm exampleId={exampleId} data={data} fields={fields} improve={improve} onClose={close} />
      )}
      {open === 'report' && <ReportForm exampleId={exampleId} report={report} onClose={close} />}
      {!open && (
        <Button size="sm" onClick={() => setOpen('improve')}>
          Improve this row
        </Button>
      )}
      {!open && !own && (
        <Button size="sm" variant="quiet" onClick={() => setOpen('report')}>
          Report a fault
        </Button>
      )}
    </div>
  );
}
