import type { CaseCopy } from '../reports/case-record.js';
import { hasHashes, WITHHELD_SENTENCE } from '../reports/withheld.js';

/** What stands beside the files: what they are, and how to check them. */
export const readMe = ({
  case: current,
  case: { report },
  knowsReporter,
}: CaseCopy): string => `Case ${report.reference}, from Policy Desk
${'='.repeat(29)}

case.pdf     the case to read or print
case.json    the same for programs, with the whole case log
paste.txt    a text to paste into the school's safeguarding system
evidence/    the files that were sent in, as they came, numbered as in case.pdf
DAMAGED.txt  only there when a file is missing or is not as it came in
SHA256SUMS   a checksum of each of these files

This is about people who can be recognised. Keep it where the school keeps its safeguarding records, and delete every other copy.
Policy Desk deletes the case when the school's time for keeping it is over (see "Kept until" in case.pdf). It cannot delete this copy:
whoever keeps it sees to that.
${knowsReporter ? '' : `\n${wrapped(WITHHELD_SENTENCE)}\n`}
Has any file been changed since this copy was made?
  Linux:   sha256sum -c SHA256SUMS
  macOS:   shasum -a 256 -c SHA256SUMS
  Windows: in PowerShell, Get-FileHash FILE, and compare with the line in SHA256SUMS

Is the evidence as it came in?
  The case log notes the SHA-256 of each file at the moment it came in, before anybody could open it: in case.json, below "log",
  entries of the kind "evidence_added". The files in evidence/ must have the same.
${knowsReporter && hasHashes(current) ? CHAIN : ''}
The same can be checked where Policy Desk keeps the case: npm run verify -- --case ${report.reference}
`;

const CHAIN = `
Has the case log been changed?
  Each entry of "log" in case.json has a number, "hash" and "previous". "previous" must be the "hash" of the entry before; that of
  the first is 64 zeros. "hash" must be the SHA-256 of this text: a JSON object of "at", "by", "number", "previous", "what" (all
  of the entry), "reference" and "schoolId" (both of "report"); its keys and those of everything in it in alphabetical order,
  no spaces or line breaks, in UTF-8. In the same way, "report" in the first entry is the SHA-256 of all of "report".
`;

const wrapped = (text: string): string => text.replace(/(.{1,118})(?:\s+|$)/gu, '$1\n').trimEnd();
