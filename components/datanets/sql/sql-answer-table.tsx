import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { SqlAnswer } from './run-question.ts';

/** An answer as a table; texts are shown as they are. */
export function SqlAnswerTable({ answer }: { answer: SqlAnswer }) {
  const { columns, rows, isCut, ms } = answer;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm text-muted">
        {isCut ? `The first ${rows.length} rows` : `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`}, in{' '}
        {Math.max(1, Math.round(ms))} ms.{isCut && ' Ask with LIMIT, or group, to see others.'}
      </p>
      {columns.length > 0 && (
        <Table label="Answer" scroll="32rem">
          <thead>
            <tr>
              {columns.map((name, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: an answer may name two columns alike and is never reordered
                <Th key={i}>{name}</Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, r) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of an answer have no name and are never reordered
              <Tr key={r}>
                {cells.map((cell, c) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <Td key={c} className="max-w-md py-2 align-top font-mono text-xs">
                    <span className="line-clamp-3 break-words">{cell}</span>
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  );
}
