import { cp, mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isSent, type Stage, type Step } from './dockerfile.js';

/** What a container would hold, in a folder of this machine that stands for `/`; without the system below it. */
export interface Image {
  readonly root: string;
  readonly stage: Stage;
}

export interface Building {
  readonly stages: readonly Stage[];
  /** A clean copy of the project. */
  readonly project: string;
  /** Where each stage gets a folder. */
  readonly parent: string;
  /** Does what a stage runs, in its folder. */
  readonly run: (words: string, folder: string) => Promise<void>;
}

const NODE = 'usr/local/bin/node';

/**
 * Does what a Dockerfile says, in its order. Node is this process's own. What the last stage runs, which makes a user, is left out:
 * it would change this machine.
 */
export async function build({ stages, project, parent, run }: Building): Promise<Image> {
  const roots = new Map<string | undefined, string>([[undefined, project]]);
  let image: Image | undefined;
  for (const [at, stage] of stages.entries()) {
    const isLast = at === stages.length - 1;
    const root = join(parent, `stage-${at}`);
    if (!isLast) await copy(process.execPath, join(root, NODE));
    let folder = root;
    for (const step of stage.steps) {
      if (step.keyword === 'WORKDIR') folder = join(root, step.words);
      await mkdir(folder, { recursive: true });
      if (step.keyword === 'COPY') await copyStep(step, roots, (to) => join(to.startsWith('/') ? root : folder, to));
      if (step.keyword === 'RUN' && !isLast) await run(step.words, folder);
    }
    if (stage.name !== undefined) roots.set(stage.name, root);
    image = { root, stage };
  }
  if (image === undefined) throw new Error('The Dockerfile says nothing.');
  return image;
}

async function copyStep(
  { copied }: Step,
  roots: ReadonlyMap<string | undefined, string>,
  place: (to: string) => string,
): Promise<void> {
  const from = roots.get(copied?.from);
  if (copied === undefined || from === undefined) throw new Error(`There is no stage ${copied?.from}.`);
  const filter = (path: string) => copied.from !== undefined || isSent(relative(from, path));
  for (const source of copied.sources) {
    const to = copied.to.endsWith('/') ? join(copied.to, source) : copied.to;
    await copy(join(from, source), place(to), filter);
  }
}

async function copy(from: string, to: string, filter?: (path: string) => boolean): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true, ...(filter && { filter }) });
}
