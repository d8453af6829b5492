import { readFileSync } from 'node:fs';
import type { Request, Response, Server } from 'restify';
import { INSTALLED_IN } from '../installed.js';
import { sendAnswer } from './page-answer.js';

const folder = new URL('pages/', INSTALLED_IN);

/** What pages load, by name, with its media type. */
const PAGE_ASSETS = {
  'page.css': 'text/css; charset=utf-8',
  'upload.css': 'text/css; charset=utf-8',
  'upload.js': 'text/javascript; charset=utf-8',
  'view.css': 'text/css; charset=utf-8',
  'view.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;
export type PageAsset = keyof typeof PAGE_ASSETS;

/** Serves the files that pages load, from `pages/`. */
export function servePageAssets(server: Server): void {
  for (const [name, type] of Object.entries(PAGE_ASSETS)) {
    const body = readFileSync(new URL(name, folder), 'utf8');
    server.get(`/assets/${name}`, async (_request: Request, response: Response) =>
      sendAnswer(response, { status: 200, type, body }, false),
    );
  }
}
