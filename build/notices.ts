import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u;
const LICENCE_FILE = /^(licen[cs]e|copying|notice|copyright)(?![a-z])/iu;

/** The folders of the packages of which something is in a bundle, relative to the project. */
export const packagesIn = ({ inputs }: Metafile): readonly string[] => {
  const folders = Object.keys(inputs).flatMap((path) => PACKAGE.exec(path.replace(/^[^:]+:/u, ''))?.[1] ?? []);
  return [...new Set(folders)].toSorted();
};

/**
 * What the licences of packages ask to be handed on with their code.
 *
 * @param folders of packages, relative to `root`.
 */
export async function noticesOf(root: string, folders: readonly string[]): Promise<string> {
  const notices = await Promise.all(folders.map((folder) => noticeOf(join(root, folder))));
  return [...new Set(notices)].join(`\n${'-'.repeat(80)}\n`);
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: unknown;
  };
  const files = (await readdir(folder))
    .filter((file) => LICENCE_FILE.test(file) && !/\.[cm]?js$/u.test(file))
    .toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const said = typeof license === 'string' ? license : 'licence: see its text';
  return `${name} ${version} (${said})\n\n${texts.map((text) => text.trim()).join('\n\n') || 'The package holds no text of its licence.'}\n`;
}
