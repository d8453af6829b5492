import { LETTERS, type Letter, PLACES, type Place } from '../support/authority.js';

/**
 * Who may do what, and where. Whoever stands in a row may do it in that place; everybody else is refused, and so is everyone in
 * every place that is not named: nothing is shown and nothing is changed. The subject is one ordinary case in the Headteacher's
 * channel, assigned to T, with its question to its reporter R; the draft that R is writing; a question put to the Headteacher; a
 * summary that goes to the governors.
 *
 *   H Headteacher   D deputy    L safeguarding lead       T triager   C chair of governors   G governor
 *   U trust         A admin     S staff                   R staff, who has reported the case
 *   u of the tenant, in no profile                        n Teams does not say who
 *   o Headteacher of another school of the tenant         x Headteacher of a school of another tenant
 *
 *   staff    everyone of the school's profile: H D L T C G U A S R
 *   anyone   those and u; o as well in channels of this school's team, which o is a member of then
 */
export const TABLE = `
action                     | own chat       | channel | other places

cards of a case
case.open                  | H D L T        | H D L T |
case.acknowledge           | H D L T        | H D L T |
case.assign_me             | H D L T        | H D L T |
case.form assign           | H D L T        |         |
case.form ask              | H D L T        |         |
case.form note             | H D L T        |         |
case.form record           | H D L T        |         |
case.form post             | H D L T        |         |
case.form category         | H D L T        |         |
case.form severity         | H D L T        |         |
case.form link             | H D L T        |         |
case.form elsewhere        | H D L T        |         |
case.form close            | H D L T        |         |
case.form reopen           | H D L T        |         |
case.form hold             | H D L          |         |
case.form release_hold     | H D L          |         |
case.act assign            | H D L T        |         |
case.act ask               | H D L T        |         |
case.act note              | H D L T        |         |
case.act record            | H D L T        |         |
case.act post              | H D L T        |         |
case.act category          | H D L T        |         |
case.act severity          | H D L T        |         |
case.act link              | H D L T        |         |
case.act elsewhere         | H D L T        |         |
case.act close             | H D L T        |         |
case.act reopen            | H D L T        |         |
case.act hold              | H D L          |         |
case.act release_hold      | H D L          |         |
case.act same_post         | H D L T        |         |
case.act refresh           | H D L T        |         |
case.act cancel            | H D L T        |         |

cards of one's own report
case.mine                  | R              |         |
case.own                   | R              |         |
case.add                   | R              |         |
case.words                 | R              |         |
case.withdraw              | R              |         |
case.question              | R              |         |
case.answer                | R              |         |

cards of a report that is being written
report.next                | R              |         |
report.back                | R              |         |
report.edit                | R              |         |
report.show                | R              |         |
report.resume              | R              |         |
report.save                | R              |         |
report.discard             | R              |         |
report.discarded           | R              |         |
report.remove              | R              |         |
report.start               | anyone         | anyone o  | other channel: anyone o; group: anyone; governors: anyone; between two: anyone

questions to the Headteacher
enquiry.form               | anyone         |         |
enquiry.send               | anyone         |         |
enquiry.cancel             | anyone         |         |
enquiry.answer             | H D T          | H D T   |

cards of a summary
summary.show               | H C            |         |
summary.files              | H C            |         | governors: anyone n
summary.comment            | H              |         |
summary.hold               | H              |         |
summary.release            | H              |         |

cards of an answer
ask.rate                   | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n
ask.example                | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n
button no longer known     | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n

words typed
open cases                 | H D L T        | H D L T |
overdue                    | H D L T        | H D L T |
mine                       | T              | T       |
a reference                | H D L T R      | H D L T |
my reports                 | R              |         |
report                     | anyone         | anyone o  | other channel: anyone o; group: anyone; governors: anyone; between two: anyone
a file                     | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n
summary                    | H C            |         |
gaps                       | H D T          | H D T   |
status                     | H D A          | H D A   | other channel: H D A; group: H D A; governors: H D A; between two: H D A
channel for reports        |                | H D A   | other channel: H D A
chat for governors         |                |         | group: H C A; governors: H C A
help                       | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n
a question                 | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n

searched from the box where messages are written
findCase                   | H D L T        | H D L T | other channel: H D L T; group: H D L T; governors: H D L T; between two: H D L T
searchPolicy               | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n

what Teams tells
installed                  | anyone n       | anyone o n | other channel: anyone o n; group: anyone n; governors: anyone n; between two: anyone n
channel deleted            |                | anyone o n |
`;

/** The rows under one heading. */
export interface Section {
  readonly heading: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly action: string;
  readonly may: Readonly<Record<Place, readonly Letter[]>>;
}

const STAFF: readonly Letter[] = ['H', 'D', 'L', 'T', 'C', 'G', 'U', 'A', 'S', 'R'];
const GROUPS: Readonly<Record<string, readonly Letter[]>> = { staff: STAFF, anyone: [...STAFF, 'u'] };

/** The table as rows, below their headings. @throws for what is not in its form, so that nothing is left out by a slip. */
export const sectionsOf = (table: string): readonly Section[] =>
  table
    .trim()
    .split(/\n\n+/u)
    .slice(1)
    .map((block) => {
      const [heading = '', ...lines] = block.split('\n');
      return { heading, rows: lines.map(rowOf) };
    });

function rowOf(line: string): Row {
  const [action = '', own = '', channel = '', others = ''] = line.split('|').map((cell) => cell.trim());
  const may = Object.fromEntries(PLACES.map((place): [Place, readonly Letter[]] => [place, []])) as Record<
    Place,
    readonly Letter[]
  >;
  may['own chat'] = lettersIn(own);
  may.channel = lettersIn(channel);
  for (const other of others.split(';').filter((text) => text.trim() !== '')) {
    const [name = '', letters = ''] = other.split(':').map((text) => text.trim());
    const place = PLACES.find((one) => one === name);
    if (!place) throw new Error(`The table names a place that there is not: ${name}`);
    may[place] = lettersIn(letters);
  }
  return { action, may };
}

const lettersIn = (cell: string): readonly Letter[] =>
  cell
    .split(/\s+/u)
    .filter((word) => word !== '')
    .flatMap((word) => {
      const letter = LETTERS.find((one) => one === word);
      const found = letter ? [letter] : GROUPS[word];
      if (!found) throw new Error(`The table names somebody whom there is not: ${word}`);
      return found;
    });
