import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { copyPackages, putBeside } from './beside.js';
import { operatorCommands } from './commands.js';
import { leaveOut } from './left-out.js';
import { noticesOf, packagesIn } from './notices.js';
import { dataBeside, mapOwnSourceOnly } from './plugins.js';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Cannot be bundled: its code is for one kind of machine. */
const NATIVE = ['sharp'];
/** Is asked for by name while the program runs, and lies beside the bundle. */
const BESIDE = ['adaptivecards-templating', 'dejavu-fonts-ttf', '@napi-rs/canvas'];
/** restify asks for it and does without. */
const ABSENT = ['dtrace-provider'];

/** How JavaScript is bundled: for the oldest Node that `package.json` admits, with classes and functions named as in the source. */
const OPTIONS: BuildOptions = {
  ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20.16', splitting: true, absWorkingDir: ROOT },
  ...{ keepNames: true, legalComments: 'none', metafile: true, logLevel: 'warning' },
  ...{ sourcemap: 'linked', sourcesContent: false, plugins: [leaveOut, dataBeside, mapOwnSourceOnly] },
  external: [...NATIVE, ...BESIDE, ...ABSENT],
  // What packages written for CommonJS call is not there in a module.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
};

export interface Bundling {
  /** The folder to write, which is removed first. */
  readonly dist: string;
  /** Whether what cannot be bundled is copied into it, so that it runs where nothing is installed. */
  readonly whole?: boolean;
}

/**
 * Makes `dist/`: the server, the thread that reads policies, the operators' commands, and all that they read beside the folders
 * `adaptiveCards/` and `pages/`.
 */
export async function bundle({ dist, whole = false }: Bundling): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  };
  const commands = operatorCommands(scripts).map((name) => [`cli/${name}`, `src/cli/${name}.ts`]);
  await rm(dist, { recursive: true, force: true });
  const made = await bundleInto(dist, {
    ...{ main: 'src/main.ts', 'policy-worker': 'src/storage/policy-worker.ts' },
    ...Object.fromEntries(commands),
  });
  checkPlaces(made, dist);
  const beside = await putBeside(dist, OPTIONS);
  const copied = whole ? await copyPackages(join(ROOT, 'node_modules'), NATIVE, join(dist, 'node_modules')) : [];
  const folders = [made, beside].flatMap(packagesIn);
  const others = [...copied, 'dejavu-fonts-ttf', 'pdfjs-dist'].map((name) => `node_modules/${name}`);
  await writeFile(join(dist, 'third-party-notices.txt'), await noticesOf(ROOT, [...new Set([...folders, ...others])]));
}

/** @param entryPoints files of the project by the name, without `.js`, that each gets in the folder. */
export async function bundleInto(dist: string, entryPoints: Record<string, string>): Promise<Metafile> {
  const { metafile } = await build({ ...OPTIONS, entryPoints, outdir: dist, metafile: true });
  return metafile;
}

/** `policy-file.ts` starts the thread that lies beside it. */
function checkPlaces({ outputs }: Metafile, dist: string): void {
  const place = Object.keys(outputs).find((file) => 'src/storage/policy-file.ts' in (outputs[file]?.inputs ?? {}));
  if (place === undefined || resolve(ROOT, dirname(place)) !== resolve(dist))
    throw new Error(`src/storage/policy-file.ts is in ${place && relative(dist, place)}, not beside policy-worker.js.`);
}
