import type { DatanetDetail } from '#lib/datanets/types.ts';
import type { VersionExport } from './types.ts';
import type { ViewerColumn } from './viewer-columns.ts';

/** The context that the specification gives (MLCommons Croissant 1.1, appendix 1). */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  ...{ sc: 'https://schema.org/', cr: 'http://mlcommons.org/croissant/', dct: 'http://purl.org/dc/terms/' },
  ...{ citeAs: 'cr:citeAs', column: 'cr:column', conformsTo: 'dct:conformsTo' },
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  examples: { '@id': 'cr:examples', '@type': '@json' },
  ...Object.fromEntries(
    [
      ...['equivalentProperty', 'extract', 'field', 'fileObject', 'fileProperty', 'fileSet', 'format', 'includes'],
      ...['isLiveDataset', 'jsonPath', 'key', 'md5', 'parentField', 'path', 'recordSet', 'references', 'regex'],
      ...['repeated', 'replace', 'separator', 'source', 'subField', 'transform'],
    ].map((term) => [term, `cr:${term}`]),
  ),
};

export type CroissantSource = {
  appUrl: string;
  datanet: DatanetDetail;
  version: { number: number; createdAt: Date; objectKey: string };
  columns: readonly ViewerColumn[];
  made: VersionExport;
};

/**
 * A version as Croissant 1.1 JSON-LD (https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html): its files with their hashes,
 * and one record set whose fields are the columns of the Parquet files.
 */
export function croissantOf({ appUrl, datanet, version, columns, made }: CroissantSource): Record<string, unknown> {
  const base = `${appUrl}/api/v1/datanets/${datanet.slug}/versions/${version.number}`;
  const [only] = made.shards;
  const isOneFile = made.shards.length === 1;
  const labels = new Map(datanet.fields.map(({ name, label }) => [name, label]));
  const source = isOneFile ? { fileObject: { '@id': only!.filename } } : { fileSet: { '@id': 'parquet-files' } };
  return {
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.1',
    name: datanet.title,
    description: datanet.description,
    url: `${appUrl}/datanets/${datanet.slug}`,
    license: `https://spdx.org/licenses/${datanet.license}`,
    inLanguage: datanet.language,
    keywords: [datanet.domain, 'OpenLedger', 'Datanet'],
    creator: {
      '@type': 'sc:Organization',
      name: `Contributors of ${datanet.title}`,
      url: `${appUrl}/datanets/${datanet.slug}`,
    },
    version: `${version.number}.0.0`,
    datePublished: version.createdAt.toISOString(),
    isLiveDataset: false,
    distribution: [
      ...made.shards.map(({ filename, sha256, sizeBytes }) => ({
        ...{ '@type': 'cr:FileObject', '@id': filename, name: filename },
        ...{ contentUrl: `${base}/parquet/${filename}`, encodingFormat: 'application/vnd.apache.parquet' },
        ...{ contentSize: `${sizeBytes} B`, sha256 },
      })),
      ...(isOneFile
        ? []
        : [
            {
              ...{ '@type': 'cr:FileSet', '@id': 'parquet-files', name: 'parquet-files' },
              containedIn: made.shards.map(({ filename }) => ({ '@id': filename })),
              ...{ encodingFormat: 'application/vnd.apache.parquet', includes: '*.parquet' },
            },
          ]),
      {
        ...{ '@type': 'cr:FileObject', '@id': 'rows.jsonl', name: 'rows.jsonl' },
        description: 'What the version’s Merkle root on chain is over, byte for byte.',
        ...{ contentUrl: `${base}/rows.jsonl`, encodingFormat: 'application/jsonlines' },
        sha256: version.objectKey.split('/').at(-1),
      },
    ],
    recordSet: [
      {
        ...{ '@type': 'cr:RecordSet', '@id': 'rows', name: 'rows' },
        key: { '@id': 'rows/row_id' },
        field: columns.map(({ name, type }) => ({
          ...{ '@type': 'cr:Field', '@id': `rows/${name}`, name },
          ...{ description: labels.get(name) ?? descriptions[name] ?? name },
          dataType: type === 'timestamp' ? 'sc:DateTime' : 'sc:Text',
          source: { ...source, extract: { column: name } },
        })),
      },
    ],
  };
}

const descriptions: Record<string, string> = {
  row_id: 'The row’s name in this Datanet.',
  contributor: 'The account that contributed the row.',
  content_hash: 'SHA-256 of the row’s canonical text.',
  contributed_at: 'When it was contributed, UTC.',
};
