import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';
import { ROOT } from '../support/processes.js';

export interface Copied {
  /** The stage it comes from; `undefined` for the folder that is sent to the builder. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly to: string;
}

/** What a Dockerfile does from one `FROM` to the next. */
export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly keyword: string;
  /** As written, with lines joined. */
  readonly words: string;
  readonly copied: Copied | undefined;
}

export const dockerfile = (): string => readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

export function stagesOf(text: string): readonly Stage[] {
  const stages: { image: string; name: string | undefined; steps: Step[] }[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    const step = stepOf(instruction);
    if (step.keyword === 'FROM') {
      const [, image = '', name] = /^(\S+)(?:\s+AS\s+(\S+))?$/iu.exec(step.words) ?? [];
      stages.push({ image, name, steps: [] });
    } else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

function stepOf(instruction: Instruction): Step {
  const words = (instruction.getArgumentsContent() ?? '').replace(/\\\n\s*/gu, ' ');
  const keyword = instruction.getKeyword();
  if (!(instruction instanceof Copy)) return { keyword, words, copied: undefined };
  const from = instruction.getFromFlag()?.getValue() ?? undefined;
  const paths = instruction.getArguments().map((argument) => argument.getValue());
  return { keyword, words, copied: { from, sources: paths.slice(0, -1), to: paths.at(-1) ?? '' } };
}

/** All that one kind of instruction says in a stage, in its order. */
export const said = ({ steps }: Stage, keyword: string): readonly string[] =>
  steps.filter((step) => step.keyword === keyword).map(({ words }) => words);

/** What `ENV` sets in a stage. */
export const environmentOf = (stage: Stage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    said(stage, 'ENV').flatMap((words) => [...words.matchAll(/(\w+)=(\S+)/gu)].map(([, name, value]) => [name, value])),
  );

/** A command in its JSON form. */
export const commandOf = (words: string): readonly string[] => JSON.parse(words.slice(words.indexOf('[')));

/** Whether a file of the project is sent to the builder. The last line of `.dockerignore` that fits decides. */
export function isSent(path: string): boolean {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return rules.reduce((sent, rule) => {
    const [admits, name] = rule.startsWith('!') ? [true, rule.slice(1)] : [false, rule];
    return name === '*' || path === name || path.startsWith(`${name}/`) ? admits : sent;
  }, true);
}
