import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openBlobs } from '../../src/storage/blobs.js';

const KEY = Buffer.from('a key of nobody').toString('base64');

/** The blob service as it answers an identity that may read one container: Azurite knows no roles. */
function serviceThatAnswers(create: number): Promise<{ readonly server: Server; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.replace(/[?&]timeout=\d+/u, '')}`);
    const isCreate = request.method === 'PUT';
    if (isCreate && create >= 400) response.setHeader('x-ms-error-code', 'AuthorizationPermissionMismatch');
    const body = isCreate ? '' : 'what it says';
    response.writeHead(isCreate ? create : 200, { 'Content-Length': body.length, ETag: '"1"' });
    response.end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, asked }));
  });
}

describe('a container that may only be read', () => {
  let running: Server | undefined;
  afterEach(() => new Promise((resolve) => running?.close(resolve)));

  const read = async (create: number) => {
    const { server, asked } = await serviceThatAnswers(create);
    running = server;
    const { port } = server.address() as AddressInfo;
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=oak;AccountKey=${KEY};BlobEndpoint=http://127.0.0.1:${port}/oak`;
    const container = openBlobs({ connectionString }).container('schools');
    const text = container.use(async (client) => {
      const { readableStreamBody } = await client.getBlobClient('oak/school.yaml').download();
      const chunks: string[] = [];
      for await (const chunk of readableStreamBody ?? []) chunks.push(String(chunk));
      return chunks.join('');
    });
    return { text, asked };
  };

  it('is read although it cannot be made', async () => {
    const { text, asked } = await read(403);
    expect(await text).toBe('what it says');
    expect(asked).toEqual(['PUT /oak/schools?restype=container', 'GET /oak/schools/oak/school.yaml']);
  });

  it('but what else keeps it from being made is not passed over', async () => {
    const { text, asked } = await read(400);
    await expect(text).rejects.toMatchObject({ statusCode: 400 });
    expect(asked).toHaveLength(1);
  });
});
