/** What a report is about; decides what is asked, who must know and how fast. */
export type Category = 'online_bullying' | 'disparaging_post' | 'other_breach' | 'child_safety';
