import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openTables } from '../../src/storage/tables.js';

const KEY = Buffer.from('a key of nobody').toString('base64');

/** The table service as it answers an identity that may read: Azurite knows no roles. */
function serviceThatAnswers(create: number): Promise<{ readonly server: Server; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const isCreate = request.method === 'POST';
    asked.push(isCreate ? 'create' : 'read');
    const refused = { 'odata.error': { code: 'AuthorizationPermissionMismatch', message: { value: 'no' } } };
    const row = { PartitionKey: 'a', RowKey: 'b', says: 'what it says' };
    response.writeHead(isCreate ? create : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(isCreate ? refused : row));
    request.resume();
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, asked }));
  });
}

describe('a table that may only be read', () => {
  let running: Server | undefined;
  afterEach(() => new Promise((resolve) => running?.close(resolve)));

  const opened = async (create: number) => {
    const { server, asked } = await serviceThatAnswers(create);
    running = server;
    const { port } = server.address() as AddressInfo;
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=oak;AccountKey=${KEY};TableEndpoint=http://127.0.0.1:${port}/oak`;
    const table = openTables({ connectionString }).table('Cases');
    const read = async () => (await (await table.client()).getEntity<{ says: string }>('a', 'b')).says;
    return { read, asked };
  };

  it('is read although it cannot be made, and would be made as soon as that is allowed', async () => {
    const { read, asked } = await opened(403);
    expect([await read(), await read()]).toEqual(['what it says', 'what it says']);
    expect(asked).toEqual(['create', 'read', 'create', 'read']);
  });

  it('but what else keeps it from being made is not passed over', async () => {
    const { read, asked } = await opened(400);
    await expect(read()).rejects.toMatchObject({ statusCode: 400 });
    expect(asked).toEqual(['create']);
  });
});
