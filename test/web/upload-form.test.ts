import { describe, expect, it } from 'vitest';
import { BodyRefused } from '../../src/web/read-body.js';
import { readUploadForm } from '../../src/web/upload-form.js';

const TYPE = 'multipart/form-data; boundary=----line';
const part = (head: string, body: string) => `------line\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;
const END = '------line--\r\n';
const read = (body: string, type = TYPE) => readUploadForm(Buffer.from(body, 'latin1'), type);

describe('readUploadForm', () => {
  it('reads the file to the byte, and the fields beside it, and forgets the name', async () => {
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, at) => at));
    const form = await read(
      part('name="seenOn"', '2026-11-20') + part('name="file"; filename="../../a mum.png"', `${all}\r\n--${all}`) + END,
    );
    expect(Buffer.from(form.file ?? []).toString('latin1')).toBe(`${all}\r\n--${all}`);
    expect(form.fields).toEqual({ seenOn: '2026-11-20' });
    expect(JSON.stringify(form)).not.toContain('mum');
  });

  it('knows a form without a file from one with an empty file', async () => {
    expect((await read(part('name="file"; filename=""', '') + END)).file).toBeUndefined();
    expect((await read(part('name="seenOn"', '') + END)).file).toBeUndefined();
    expect((await read(part('name="file"', 'text') + END)).file).toBeUndefined();
    expect((await read(part('name="file"; filename="a.png"', '') + END)).file).toHaveLength(0);
  });

  it.each([
    ['no form', 'a=b', 'application/x-www-form-urlencoded', 415],
    ['no boundary', END, 'multipart/form-data', 415],
    ['a boundary that is too long', END, `multipart/form-data; boundary=${'x'.repeat(71)}`, 415],
    ['nothing', '', TYPE, 400],
    ['a form that breaks off', part('name="a"', 'b'), TYPE, 400],
    ['a part without a name', part('filename="a.png"', 'b') + END, TYPE, 400],
    ['very many parts', part('name="a"', 'b').repeat(100_000) + END, TYPE, 400],
  ])('refuses %s', async (_name, body, type, status) => {
    await expect(read(body, type)).rejects.toThrow(BodyRefused);
    await expect(read(body, type)).rejects.toMatchObject({ status });
  });
});
