/**
 * First names and surnames that made-up people in the question bank have. Words that the bank knows well are taken for no names
 * elsewhere, so these must not count among them.
 */
export const NAMES_IN_BANK: ReadonlySet<string> = new Set(
  (
    'adele ahmed ali andrew archie barry callum carol dave dean elsa evie faith george harrison harry henry hughes jack jane jay jayden ' +
    'jim jo joe john jonah jones karen liam lily lorraine luke maureen mia nick noah oliver patel paul pete poppy ray rose ruby sandra ' +
    'sarah sophie stanley sue taylor ted theo tilly tom tommy'
  ).split(' '),
);
