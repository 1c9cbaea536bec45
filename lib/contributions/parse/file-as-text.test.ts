import { crc32 } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { fileAsText } from './file-as-text.ts';
import { parseFile } from './parse-file.ts';

const read = async (name: string, bytes: Uint8Array) => {
  const text = (await fileAsText(name, bytes))!;
  return parseFile(text.name, new TextEncoder().encode(text.text));
};

describe('Parquet', () => {
  const bytes = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'prompt', data: ['What is "C2"?', 'Zeile\nzwei', null], type: 'STRING' },
        { name: 'year', data: [1999n, 2001n, 2003n], type: 'INT64' },
        { name: 'at', data: [new Date(0), new Date(1), new Date(2)], type: 'TIMESTAMP' },
      ],
    }),
  );

  it('becomes rows with every column as text', async () => {
    const { columns, rows, faults } = await read('rows.parquet', bytes);
    expect(columns).toEqual(['prompt', 'year', 'at']);
    expect(rows.map(({ values }) => [values.prompt, values.year])).toEqual([
      ['What is "C2"?', '1999'],
      ['Zeile\nzwei', '2001'],
      [undefined, '2003'],
    ]);
    expect(rows[0]!.values.at).toBe('1970-01-01T00:00:00.000Z');
    expect(faults).toEqual([]);
  });

  it('is refused when it is cut off or holds too much, before its rows are read', async () => {
    await expect(fileAsText('cut.parquet', bytes.subarray(0, 200))).rejects.toThrow(
      /“cut.parquet” is a Parquet file that cannot/,
    );
    const data = Array.from({ length: 10_001 }, () => 'x');
    const many = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'prompt', data, type: 'STRING' }] }));
    await expect(fileAsText('many.parquet', many)).rejects.toThrow(
      'has 10001 rows and one contribution holds at most 10000',
    );
  });
});

it('reads the paragraphs of a Word document', async () => {
  const paragraph = (text: string) => `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
  const body = ['What is a sinkhole?', 'A server that takes the traffic of malware.'].map(paragraph).join('');
  const docx = zip({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  });
  expect((await fileAsText('notes.docx', docx))!).toEqual({
    name: 'notes.docx.txt',
    text: 'What is a sinkhole?\n\nA server that takes the traffic of malware.',
  });
  await expect(fileAsText('broken.docx', docx.subarray(0, 90))).rejects.toThrow('Word document that cannot be read');
});

it('reads the text of a PDF, and says when there is none', async () => {
  const { text } = (await fileAsText('sheet.pdf', pdf('BT /F1 12 Tf 40 700 Td (What is a dropper?) Tj ET')))!;
  expect(text).toBe('What is a dropper?');
  await expect(fileAsText('scan.pdf', pdf('0 0 10 10 re f'))).rejects.toThrow('has no text, only pictures of it');
  await expect(fileAsText('cut.pdf', new TextEncoder().encode('%PDF-1.7 x'))).rejects.toThrow(
    'is a PDF that cannot be read',
  );
});

it('leaves text, pictures and archives to parseFile', async () => {
  expect(await fileAsText('rows.csv', new TextEncoder().encode('prompt,completion\na,b\n'))).toBeNull();
  expect(await fileAsText('rows.zip', zip({ a: 'b' }))).toBeNull();
});

/** A ZIP archive whose files are stored as they are (APPNOTE 4.3). */
function zip(files: Record<string, string>): Uint8Array {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [title, data] = [Buffer.from(name), Buffer.from(text)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), facts, title, data);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), facts, place, title);
    offset += 30 + title.length + data.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length / 4, 4);
  end.writeUInt16LE(directory.length / 4, 6);
  end.writeUInt32LE(Buffer.concat(directory).length, 8);
  end.writeUInt32LE(offset, 12);
  return new Uint8Array(Buffer.concat([...parts, ...directory, Buffer.from('PK\x05\x06'), end]));
}

/** A PDF of one page that draws `content`. */
function pdf(content: string): Uint8Array {
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return new TextEncoder().encode(text);
}
