/** The one configuration and the one split that a version has. */
export const viewerConfig = 'default';
export const viewerSplit = 'train';

/** Most rows of one answer of `/rows`, `/search` and `/filter`, as on the Hub. */
export const viewerPageMax = 100;

export type ViewerFeature = {
  feature_idx: number;
  name: string;
  type: { dtype: 'string' | 'timestamp[s]'; _type: 'Value' };
};

/** `row_idx` is the row's place in the version, the same as its leaf's. A cell is null where the author withdrew the row. */
export type ViewerRow = { row_idx: number; row: Record<string, string | null>; truncated_cells: string[] };

export type ViewerPage = {
  features: ViewerFeature[];
  rows: ViewerRow[];
  num_rows_total: number;
  num_rows_per_page: number;
  partial: false;
};

type Histogram = { hist: number[]; bin_edges: number[] };
/** Of text lengths in characters, or of seconds since 1970. */
export type NumberStatistics = {
  nan_count: number;
  nan_proportion: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  median: number | null;
  std: number | null;
  histogram: Histogram | null;
};
export type LabelStatistics = {
  nan_count: number;
  nan_proportion: number;
  no_label_count: 0;
  no_label_proportion: 0;
  n_unique: number;
  frequencies: Record<string, number>;
};
export type ColumnStatistics =
  | { column_name: string; column_type: 'string_text' | 'datetime'; column_statistics: NumberStatistics }
  | { column_name: string; column_type: 'string_label'; column_statistics: LabelStatistics };

/** One Parquet file of a version. */
export type ParquetShard = { filename: string; key: string; sha256: string; sizeBytes: number; rows: number };

/** What the job `export-version` leaves in the object store, last of all. */
export type VersionExport = {
  versionId: string;
  shards: ParquetShard[];
  statistics: ColumnStatistics[];
  madeAt: string;
};
