import type { Entity } from 'botbuilder';
import { Entity as ENTITY_MAPPER } from 'botframework-connector/lib/connectorApi/models/mappers.js';

/** Teams shows "AI generated" beside a message with this entity. */
export const AI_LABEL: Entity = {
  type: 'https://schema.org/Message',
  '@type': 'Message',
  '@context': 'https://schema.org',
  '@id': '',
  additionalType: ['AIGeneratedContent'],
};

/**
 * The SDK's 4.23.3 sends of an entity nothing but its type, so that no client would ever show the label (mended upstream in
 * microsoft/botbuilder-js#4903, not released). This mends it the same way.
 */
export function sendEntitiesWhole(): void {
  ENTITY_MAPPER.type.additionalProperties = { type: { name: 'Object' } };
}
