import { createServer } from 'node:http';

/**
 * Loaded before a bot that was started with `--expose-gc`, this answers on a port of this machine with what the process holds after
 * a collection. The process ends as it would without.
 */
createServer((_request, response) => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  response.end(JSON.stringify({ rss, heapUsed }));
})
  .listen(Number(process.env.USAGE_PORT), '127.0.0.1')
  .unref();
