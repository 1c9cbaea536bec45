/** What a run is to train on, as it is chosen: a version, and how often a pass reads each of its rows, in tenths. */
export type ChosenPart = { versionId: string; tenths: number };

/** One version of a mix with its place in it. Rows of the part are the leaves from `firstLeaf` on. */
export type MixPartView = {
  versionId: string;
  tenths: number;
  firstLeaf: number;
  number: number;
  root: `0x${string}`;
  rowCount: number;
  objectKey: string;
  datanet: { id: string; slug: string; title: string; license: string };
};
