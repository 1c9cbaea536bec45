/** How far a source stands out of the noise of its answer, in a word and the figure, cut to a tenth lest it seem to reach the next word. `sigmas` in thousandths. */
export function Confidence({ sigmas }: { sigmas: number | null }) {
  if (sigmas === null) return null;
  if (sigmas === 0) return <span className="whitespace-nowrap">for being read</span>;
  return (
    <span className="whitespace-nowrap">
      {confidenceWord(sigmas)}, <span className="figures">{(Math.floor(sigmas / 100) / 10).toFixed(1)}</span> × noise
    </span>
  );
}

/** Faint rows count in small indexes, beside one that stands out three times; see lib/kernel/credit-quarters.ts. */
function confidenceWord(sigmas: number): string {
  if (sigmas < 3_000) return 'faint';
  if (sigmas < 5_000) return 'weak';
  if (sigmas < 10_000) return 'clear';
  return 'strong';
}
