import { existsSync } from 'node:fs';

/**
 * The folder that holds `package.json`, `adaptiveCards/` and `pages/`: that of the project, whether this runs from `src/` or from
 * the few files that `npm run build` makes of it.
 */
export const INSTALLED_IN: URL = holding('package.json', new URL('./', import.meta.url));

function holding(name: string, folder: URL): URL {
  if (existsSync(new URL(name, folder))) return folder;
  const above = new URL('../', folder);
  if (above.href === folder.href) throw new Error(`There is no ${name} above ${import.meta.url}.`);
  return holding(name, above);
}
