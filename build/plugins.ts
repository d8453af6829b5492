import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Data goes in as text that is parsed when it is needed, which takes V8 far less time than the same as a program. */
export const dataAsText: Plugin = {
  name: 'data-as-text',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.json$/ }, async ({ path }) => {
      const compact = JSON.stringify(JSON.parse(await readFile(path, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(compact)});`, loader: 'js' };
    });
  },
};

/** A source map that says which file it is, and no more. */
const FILE_ALONE = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/**
 * Source maps lead to the lines of our own source; of a package they tell the file. With all lines of all packages they would be many
 * times as large, and are read at every start.
 */
export const mapOwnSourceOnly: Plugin = {
  name: 'map-own-source-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\n//# sourceMappingURL=data:application/json;base64,${FILE_ALONE}`,
      loader: 'js',
    }));
  },
};
