import { readFileSync } from 'node:fs';

const folder = new URL('../../pages/', import.meta.url);

/** What the upload page loads, by name, with its media type. */
export const UPLOAD_ASSETS: Readonly<Record<string, string>> = {
  'upload.css': 'text/css; charset=utf-8',
  'upload.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** A text file of `pages/`. */
export const readAsset = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
