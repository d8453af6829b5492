import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openTables } from '../../src/storage/tables.js';

const KEY = Buffer.from('a key of nobody').toString('base64');
const ROW = { PartitionKey: 'oak', RowKey: 'row' };

/** The table service as it answers an identity that may only read: Azurite knows no roles. */
function serviceThatAnswers(create: number): Promise<{ readonly server: Server; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    const isCreate = request.method === 'POST';
    response.writeHead(isCreate ? create : 200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(isCreate ? { 'odata.error': { code: 'AuthorizationPermissionMismatch' } } : { value: [ROW] }),
    );
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, asked }));
  });
}

describe('a table that may only be read', () => {
  let running: Server | undefined;
  afterEach(() => new Promise((resolve) => running?.close(resolve)));

  const open = async (create: number) => {
    const { server, asked } = await serviceThatAnswers(create);
    running = server;
    const { port } = server.address() as AddressInfo;
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=oak;AccountKey=${KEY};TableEndpoint=http://127.0.0.1:${port}/oak`;
    return { table: openTables({ connectionString }).table('Cases'), asked };
  };

  it('is read although it cannot be made, and is made as soon as it may be', async () => {
    const { table, asked } = await open(403);
    const rows: (string | undefined)[] = [];
    for await (const { rowKey } of (await table.client()).listEntities()) rows.push(rowKey);
    expect(rows).toEqual(['row']);
    await table.client();
    expect(asked).toEqual(['POST /oak/Tables', 'GET /oak/Cases()', 'POST /oak/Tables']);
  });

  it('but what else keeps it from being made is not passed over', async () => {
    const { table } = await open(400);
    await expect(table.client()).rejects.toMatchObject({ statusCode: 400 });
  });
});
