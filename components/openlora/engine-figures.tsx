import { Stat, StatRow } from '#components/ui/stat.tsx';
import type { ServingEngine } from '#lib/serving/types.ts';
import { megabytes } from './words.ts';

/** What each base model's engine does now, and how often an adapter was in memory when it was needed. */
export function EngineFigures({ engines }: { engines: readonly ServingEngine[] }) {
  return (
    <div className="flex flex-col gap-8">
      {engines.map((engine) => {
        const asked = engine.hits + engine.misses;
        return (
          <div key={engine.baseModel} className="flex flex-col gap-4">
            <h3 className="title-small">{engine.baseModel}</h3>
            <StatRow>
              <Stat label="Answers under way" value={engine.running} note={`${engine.slots} can run together`} />
              <Stat label="Waiting" value={engine.queued} note="for a place or an adapter" />
              <Stat
                label="Adapters in memory"
                value={engine.hotAdapters}
                note={`${megabytes(engine.hotBytes)}, ${engine.evictions} dropped so far`}
              />
              <Stat
                label="Found in memory"
                value={asked === 0 ? 'no answer yet' : `${((100 * engine.hits) / asked).toFixed(1)} %`}
                note={`of ${asked.toLocaleString('en')} requests`}
              />
            </StatRow>
          </div>
        );
      })}
    </div>
  );
}
