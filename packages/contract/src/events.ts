/** Names of the events this server emits today. Events are facts of the past, written in the commit that made them. */
export const eventTypes = ['customer.created', 'customer.updated'] as const

export type EventType = (typeof eventTypes)[number]
