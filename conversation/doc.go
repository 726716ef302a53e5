// Package conversation holds every rule that changes a conversation. Each verb
// is one file; each runs inside the caller's transaction and checks itself what
// its actor may do.
//
//	Receive     a customer's message comes in: contact, conversation, routing
//	Reply Note  an agent writes
//	Claim Transfer CancelTransfer Release   who holds it
//	SetState SetPriority                    where it stands
//	Fire Left Anyone                        what happens by itself: timers, an
//	                                        agent who went, a customer who waits
//	Seen CustomerSeen Report                how far messages got
//	Survey Rate KeepLatestSurvey            how satisfied the customer is
//
// Invariants: an inbound message is stored once, whatever the channel repeats
// (unique by inbox and external id); at most one conversation of a contact and
// inbox is not closed (S3-25); the holder changes in routing only; whatever
// fails leaves the conversation as it was (C16).
package conversation
