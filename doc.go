// Package rapport holds the words of the contact centre and nothing else: who
// is who, what a conversation is, what may happen to it, and who may do what.
//
// It imports the standard library only. Rules live in the noun packages above
// it (routing, conversation, presence), mechanisms in store, job and push.
//
//	contact ──has──► contact point ◄── resolves ── inbound message
//	   │                                                │ arrives at
//	   ▼                                                ▼
//	conversation ◄── items (messages, notes, events) ── inbox ──► queue ──► members (agents)
//	   │
//	   └── decision: who got it, or why nobody did
//
// JSON tags on these words are the shapes of the HTTP API.
package rapport
