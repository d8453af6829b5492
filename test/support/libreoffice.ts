import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether LibreOffice is here to print documents; tests that need it are skipped elsewhere. */
export const hasLibreOffice = spawnSync('soffice', ['--version']).status === 0;

if (!hasLibreOffice)
  process.stderr.write(
    'LibreOffice (soffice) is not on this machine: tests that print documents with it are skipped.\n',
  );

/**
 * Prints texts as documents, in a folder that is gone afterwards.
 *
 * @param to "docx" or "pdf".
 * @returns the documents by file name.
 */
export function print(texts: readonly { name: string; bytes: Uint8Array }[], to: string): Map<string, Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'policy-desk-print-'));
  try {
    for (const { name, bytes } of texts) writeFileSync(join(folder, name), bytes);
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
    const files = texts.map(({ name }) => join(folder, name));
    spawnSync('soffice', [profile, '--headless', '--convert-to', to, '--outdir', folder, ...files]);
    const printed = readdirSync(folder).filter((name) => name.endsWith(`.${to}`));
    return new Map(printed.map((name) => [name, readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
