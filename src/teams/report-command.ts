/** The button that begins a report. */
export const START_VERB = 'report.start';
const COMMAND = /^(?:\/?report|report (?:something|it|this|a post|an incident)|make a report|new report)\W*$/iu;

/** Whether words are the command that begins a report. */
export const isReportCommand = (words: string): boolean => COMMAND.test(words);
