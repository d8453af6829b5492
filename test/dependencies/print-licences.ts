import { faultsIn, inProduction, project, readNoted } from './licences.js';

const { packages, document } = project();
const noted = readNoted(document);
const counts = new Map<string, number>();
for (const [name, { license }] of inProduction(packages)) {
  const licence = license ?? `not told in the package (${noted.licences.get(name) ?? 'not noted'})`;
  counts.set(licence, (counts.get(licence) ?? 0) + 1);
}
for (const [licence, count] of [...counts].toSorted(([, one], [, other]) => other - one))
  process.stdout.write(`${String(count).padStart(4)}  ${licence}\n`);
const faults = faultsIn(packages, noted);
for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
