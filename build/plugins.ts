import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const DATA = 'data';

/**
 * Data lies beside the program as JSON. In it, even as text, V8 would read all of it as a program first, and Node, which looks for
 * source maps, line by line.
 */
export const dataBeside: Plugin = {
  name: 'data-beside',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.json$/, namespace: 'file' }, ({ path }) => ({
      contents: `
        import { readFileSync } from 'node:fs';
        import place from ${JSON.stringify(`${DATA}:${path}`)};
        export default JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));`,
      loader: 'js',
    }));
    build.onResolve({ filter: new RegExp(`^${DATA}:`) }, ({ path }) => ({
      path: path.slice(DATA.length + 1),
      namespace: DATA,
    }));
    build.onLoad({ filter: /.*/, namespace: DATA }, async ({ path }) => ({
      contents: JSON.stringify(JSON.parse(await readFile(path, 'utf8'))),
      loader: 'file',
    }));
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
