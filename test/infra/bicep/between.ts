import { dirname, join } from 'node:path/posix';
import { expressionsIn, type Template } from './syntax.js';

/** What only shows when all files are looked at. */
export function faultsBetween(templates: ReadonlyMap<string, Template>, entry: string): string[] {
  const faults: string[] = [];
  const versions = new Map<string, string>();
  const usedFiles = new Set([entry]);
  const usedOutputs = new Set<string>();
  for (const [path, template] of templates) {
    for (const { kind, name, reference } of template.blocks) {
      const target = join(dirname(path), reference);
      if (kind === 'module') {
        usedFiles.add(target);
        for (const output of outputsUsed(template, name)) usedOutputs.add(`${target} ${output}`);
      } else {
        const [type = '', version = ''] = reference.split('@');
        if ((versions.get(type) ?? version) !== version) faults.push(`${path}: ${type} has two versions`);
        versions.set(type, version);
      }
    }
  }
  for (const [path, { outputs }] of templates) {
    if (!usedFiles.has(path)) faults.push(`${path}: nothing uses it`);
    for (const { name } of outputs)
      if (path !== entry && !usedOutputs.has(`${path} ${name}`))
        faults.push(`${path}: nothing uses its output ${name}`);
  }
  return faults;
}

function outputsUsed(template: Template, module: string): string[] {
  return [...expressionsIn(template)].flatMap((expression) =>
    expression.kind === 'member' &&
    expression.of.kind === 'member' &&
    expression.of.name === 'outputs' &&
    expression.of.of.kind === 'name' &&
    expression.of.of.name === module
      ? [expression.name]
      : [],
  );
}
