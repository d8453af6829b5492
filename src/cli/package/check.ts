import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import sharp from 'sharp';
import { z } from 'zod/v4';
import { ICON_SIZES, type Icon } from './icons.js';

/** Teams shows no more commands in a menu, and no longer ones, whatever its schema allows. */
const MOST_COMMANDS = 10;
const LONGEST_TITLE = 32;
const LONGEST_DESCRIPTION = 128;
/** Three numbers, not all of them 0: the schema takes any text, Teams does not. */
const VERSION = /^(?!0\.0\.0$)(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)$/u;

const schemaOf = (version: string): string =>
  `@microsoft/app-manifest/build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`;

/** With any other it is held against 1.24, which it does not fit then. */
const versioned = z.object({ manifestVersion: z.enum(['1.24', '1.25']).catch('1.24') });
const menus = z.object({
  version: z.string(),
  name: z.object({ short: z.string(), full: z.string() }),
  bots: z.array(
    z.object({
      commandLists: z.array(
        z.object({
          scopes: z.array(z.string()),
          commands: z.array(z.object({ title: z.string(), description: z.string() })),
        }),
      ),
    }),
  ),
});

/** Those in use, each compiled once, which takes half a second. */
const validators = new Map<string, Promise<ValidateFunction>>();

function validatorOf(version: string): Promise<ValidateFunction> {
  const known = validators.get(version) ?? compiled(version);
  validators.set(version, known);
  return known;
}

async function compiled(version: string): Promise<ValidateFunction> {
  const schema = JSON.parse(await readFile(createRequire(import.meta.url).resolve(schemaOf(version)), 'utf8'));
  const ajv = new Ajv.default({ allErrors: true, strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

/**
 * What is wrong with a manifest: by Microsoft's schema of its version, by what Teams shows beyond it, and by what was not filled in.
 *
 * @param manifest its text.
 */
export async function faultsInManifest(manifest: string): Promise<readonly string[]> {
  const content: unknown = JSON.parse(manifest);
  const { manifestVersion } = versioned.parse(content);
  const validate = await validatorOf(manifestVersion);
  validate(content);
  const bySchema = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `manifest.json ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
  const left = [...manifest.matchAll(/\$\{\{[^}]*\}\}/gu)].map(([text]) => `manifest.json still has ${text}.`);
  return [...bySchema, ...left, ...faultsInMenus(content)];
}

function faultsInMenus(content: unknown): readonly string[] {
  const parsed = menus.safeParse(content);
  if (!parsed.success) return ['manifest.json has no bot with command lists, or no name.'];
  const { version, name, bots } = parsed.data;
  const lists = bots.flatMap(({ commandLists }) => commandLists);
  return [
    ...(VERSION.test(version) ? [] : [`manifest.json has the version ${version}, which must be like 1.0.1.`]),
    ...(name.short === name.full ? ['manifest.json has one name twice: the short and the full one must differ.'] : []),
    ...lists
      .filter(({ commands }) => commands.length > MOST_COMMANDS)
      .map(({ scopes }) => `manifest.json has more than ${MOST_COMMANDS} commands for ${scopes.join(', ')}.`),
    ...lists
      .flatMap(({ commands }) => commands)
      .filter(({ title, description }) => title.length > LONGEST_TITLE || description.length > LONGEST_DESCRIPTION)
      .map(({ title }) => `manifest.json has a command too long for the menu: ${title}.`),
  ];
}

/** What is wrong with an icon, by Microsoft's rules for app packages. */
export async function faultsInIcon(name: Icon, bytes: Uint8Array): Promise<readonly string[]> {
  const size = ICON_SIZES[name];
  const { format, width, height } = await sharp(bytes).metadata();
  if (format !== 'png' || width !== size || height !== size)
    return [`${name} is ${width} × ${height} ${format}, and must be ${size} × ${size} png.`];
  const pixels = await sharp(bytes).ensureAlpha().raw().toBuffer();
  const all = Array.from({ length: size * size }, (_, at) => [...pixels.subarray(at * 4, at * 4 + 4)]);
  return name === 'color.png' ? faultsInColour(all) : faultsInOutline(all);
}

type Pixel = readonly number[];

/** Teams rounds its corners itself. */
const faultsInColour = (pixels: readonly Pixel[]): readonly string[] =>
  pixels.every(([, , , alpha]) => alpha === 255)
    ? []
    : ['color.png must fill its square, without transparent corners.'];

function faultsInOutline(pixels: readonly Pixel[]): readonly string[] {
  const seen = pixels.filter(([, , , alpha]) => alpha !== 0);
  const isOutline = seen.length > 0 && seen.length < pixels.length / 2;
  return [
    ...(seen.every(([red, green, blue]) => red === 255 && green === 255 && blue === 255)
      ? []
      : ['outline.png must be white and nothing else.']),
    ...(isOutline ? [] : ['outline.png must be an outline on a transparent ground.']),
    ...(isOutline && hasMargin(pixels) ? ['outline.png must reach the edges of its square.'] : []),
  ];
}

/** Teams asks for no padding around the symbol: it is as high or as wide as the square. */
function hasMargin(pixels: readonly Pixel[]): boolean {
  const side = Math.sqrt(pixels.length);
  const isSeen = (column: number, row: number) => (pixels[row * side + column]?.[3] ?? 0) > 0;
  const along = Array.from({ length: side }, (_, at) => at);
  const spans = (line: (at: number, edge: number) => boolean) =>
    along.some((at) => line(at, 0)) && along.some((at) => line(at, side - 1));
  return !spans((at, edge) => isSeen(at, edge)) && !spans((at, edge) => isSeen(edge, at));
}
