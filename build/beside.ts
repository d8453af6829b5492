import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

const require = createRequire(import.meta.url);
/** The letters that `src/export/fonts.ts` names. */
const FONTS = ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSansMono'];

/**
 * Puts beside the bundle, in a `node_modules` of its own, what the program asks for by name while it runs: the library that draws
 * cards, which is loaded with the first one, in one file; the fonts; a stand-in for a canvas; and the half of pdf.js that it
 * starts as if it were a worker, from beside itself.
 *
 * @param dist the folder of the bundle.
 * @param options how JavaScript is bundled.
 * @returns what was bundled.
 */
export async function putBeside(dist: string, options: BuildOptions): Promise<Metafile> {
  const modules = join(dist, 'node_modules');
  const worker = 'pdf.worker.mjs';
  await cp(require.resolve(`pdfjs-dist/legacy/build/${worker}`), join(dist, worker));
  await Promise.all([fonts(join(modules, 'dejavu-fonts-ttf')), canvas(join(modules, '@napi-rs', 'canvas'))]);
  const { metafile } = await build({
    ...options,
    entryPoints: { 'adaptivecards-templating/index': require.resolve('adaptivecards-templating') },
    ...{ outdir: modules, format: 'cjs', splitting: false, banner: {}, metafile: true },
  });
  return metafile;
}

async function fonts(to: string): Promise<void> {
  const from = dirname(require.resolve('dejavu-fonts-ttf/package.json'));
  const files = ['LICENSE', 'package.json', ...FONTS.map((name) => `ttf/${name}.ttf`)];
  await Promise.all(files.map((file) => cp(join(from, file), join(to, file))));
}

/**
 * pdf.js wants shapes and matrices from a canvas of 33 MB, to draw with as it loads. Policies are only read for their text, so their
 * names are enough.
 */
async function canvas(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const names = ['DOMMatrix', 'ImageData', 'Path2D'];
  const classes = names.map((name) => `exports.${name} = class ${name} {};\n`).join('');
  await writeFile(
    join(to, 'index.js'),
    `// Names for pdf.js, which reads text here and draws nothing: see build/beside.ts.\n${classes}`,
  );
}

/**
 * Copies packages that cannot be bundled, with all that they need on this machine, so that no other `node_modules` is asked.
 *
 * @param from the project's `node_modules`.
 * @param to the `node_modules` that holds what is {@link putBeside} the bundle.
 * @returns the names of what was copied.
 */
export async function copyPackages(from: string, names: readonly string[], to: string): Promise<readonly string[]> {
  const copied = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const folder = join(from, name);
    if (copied.has(name) || !existsSync(folder)) continue;
    copied.add(name);
    const { dependencies, optionalDependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
      readonly optionalDependencies?: Readonly<Record<string, string>>;
    };
    waiting.push(...Object.keys({ ...dependencies, ...optionalDependencies }));
    await cp(folder, join(to, name), { recursive: true });
  }
  return [...copied].toSorted();
}
