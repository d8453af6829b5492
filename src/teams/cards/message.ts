import { type Activity, ActivityTypes, CardFactory } from 'botbuilder';
import type { Card } from './template.js';

/** A message that holds one card; `summary` is what notifications and screen readers announce. */
export const cardMessage = (card: Card): Partial<Activity> => ({
  type: ActivityTypes.Message,
  summary: card.fallbackText,
  attachments: [CardFactory.adaptiveCard(card)],
});
