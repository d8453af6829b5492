/** A short, honest answer to a greeting, a thank-you or a question about the bot itself. */
export function smalltalkReply(message: string): string {
  const text = message.toLowerCase();
  if (/\b(?:real|human|person|bot|robot|ai|who are you|what are you|computer|name)\b/u.test(text)) {
    return 'I am Policy Desk, a bot. I quote your school\'s social media policy word for word, and take reports of what has happened online. Type "help" to see what I can do.';
  }
  if (/\b(?:thanks?|thank|thx|ta|cheers|appreciated|nice one|brilliant|great|helpful)\b/u.test(text))
    return 'You are welcome.';
  if (/\b(?:bye|goodbye|night|see (?:you|ya)|weekend|take care|laters?|enjoy|happy|merry)\b/u.test(text))
    return 'Goodbye. I am here when you need me.';
  return 'Hello. Ask me about the social media policy in your own words, for example: "Can I post a class photo on my own account?" Or type "report" if something has happened.';
}
