/** Strokes of each icon on a 24 px grid. Ours, so that a page that shows one loads no library. */
const strokes = {
  'arrow-left': 'M20 12H4m7-7-7 7 7 7',
  'arrow-right': 'M4 12h16m-7-7 7 7-7 7',
  'arrow-up': 'M12 20V4M5 11l7-7 7 7',
  check: 'm4 12.5 5.5 5.5L20 7',
  'chevron-down': 'm6 9 6 6 6-6',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  cross: 'M6 6l12 12M18 6 6 18',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5M9 13h7M9 17h7',
  fork: 'M6 8v1a3 3 0 0 0 3 3h6a3 3 0 0 0 3-3V8M12 12v4M6 8a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5m12 0a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5m-6 13a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5',
  menu: 'M4 6h16M4 12h16M4 18h16',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5',
  play: 'M7 4.5v15l12-7.5z',
  search: 'M20 20l-4.5-4.5M11 18a7 7 0 1 1 0-14 7 7 0 0 1 0 14',
  spinner: 'M12 3a9 9 0 1 0 9 9',
  stop: 'M6 6h12v12H6z',
  sun: 'M12 2.5v2m0 15v2m9.5-9.5h-2m-15 0h-2M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4m13.4 0-1.4-1.4M6.7 6.7 5.3 5.3M12 16.5a4.5 4.5 0 1 1 0-9 4.5 4.5 0 0 1 0 9',
  upload: 'M12 16V4M6 10l6-6 6 6M4 20h16',
} as const;

export type IconName = keyof typeof strokes;

/** A drawing beside words; the words carry the meaning, so nobody hears it. Size and colour come by `className` (16 px unless told). */
export function Icon({ name, className = 'size-4' }: { name: IconName; className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 24 24"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={strokes[name]} />
    </svg>
  );
}
